using System.Text.Json;
using System.Text.Json.Serialization;
using Notify.Functions.Contract;
using Notify.Functions.Recipients.QuietHours;

namespace Notify.Functions.Recipients.Preferences;

/// <summary>What a recipient has chosen to hear of. What nothing was chosen about is wanted.</summary>
public sealed record PreferenceSet
{
    /// <summary>Nothing was chosen.</summary>
    public static PreferenceSet None { get; } = new();

    /// <summary>The choices by <see cref="PreferenceKeys"/>.</summary>
    public IReadOnlyDictionary<string, Choice> Choices { get; init; } = new Dictionary<string, Choice>(StringComparer.Ordinal);

    /// <summary>When the recipient wants to be left alone.</summary>
    public IReadOnlyList<QuietWindow> QuietHours { get; init; } = [];

    /// <summary>The choice under a key, if one was made.</summary>
    public Choice? ChoiceFor(string key) => Choices.GetValueOrDefault(key);

    /// <summary>The same with one choice more, or another.</summary>
    public PreferenceSet With(string key, Choice choice) =>
        this with { Choices = new Dictionary<string, Choice>(Choices, StringComparer.Ordinal) { [key] = choice } };

    /// <summary>The same without those who made the choices, for somebody who was erased.</summary>
    public PreferenceSet OfNobody() =>
        this with
        {
            Choices = Choices.ToDictionary(choice => choice.Key, choice => choice.Value with { By = "erased" },
            StringComparer.Ordinal)
        };

    /// <summary>The text that a row keeps.</summary>
    public string Write() => JsonSerializer.Serialize(this, NotifyJson.Options);

    /// <summary>Reads back what <see cref="Write"/> wrote.</summary>
    public static PreferenceSet Read(string? text) =>
        text is null ? None : JsonSerializer.Deserialize<PreferenceSet>(text, NotifyJson.Options)!;
}

/// <summary>One choice.</summary>
/// <param name="Wanted">Whether it is wanted.</param>
/// <param name="At">When it was made.</param>
/// <param name="By">Who made it: an id from the caller, or <c>recipient</c>.</param>
/// <param name="Via">The way it was made.</param>
public sealed record Choice(
    [property: JsonPropertyName("w")] bool Wanted,
    [property: JsonPropertyName("at")] DateTimeOffset At,
    [property: JsonPropertyName("by")] string By,
    [property: JsonPropertyName("via")] ChoiceVia Via);

/// <summary>The way a choice was made. The numbers are persisted: never change or reuse one.</summary>
public enum ChoiceVia
{
    /// <summary>By the API.</summary>
    Api = 1,

    /// <summary>By a mail program's unsubscribe button (RFC 8058).</summary>
    OneClick = 2,

    /// <summary>On the page behind an unsubscribe link.</summary>
    Page = 3,

    /// <summary>At a provider, which has reported it.</summary>
    Provider = 4,
}
