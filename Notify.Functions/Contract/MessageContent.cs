namespace Notify.Functions.Contract;

/// <summary>What to say. Which parts a channel uses is up to its sender.</summary>
/// <param name="Title">Email subject, push title, inbox title. Never empty.</param>
/// <param name="Text">Plain text. Never empty.</param>
public sealed record MessageContent(string Title, string Text)
{
    /// <summary>HTML body of an email; made from <see cref="Text"/> where absent.</summary>
    public string? Html { get; init; }

    /// <summary>Where a click leads. A link that is not let through (<see cref="Links"/>) is none, whoever has written it.</summary>
    public string? Url { get; init => field = value is not null && Links.IsAllowed(value) ? value : null; }

    /// <summary>Extra data for the app that receives a push or shows the inbox.</summary>
    public IReadOnlyDictionary<string, string> Data { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
