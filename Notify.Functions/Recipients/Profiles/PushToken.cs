using System.Text.Json;
using System.Text.Json.Serialization;
using Notify.Functions.Contract;

namespace Notify.Functions.Recipients.Profiles;

/// <summary>One of a recipient's devices.</summary>
/// <param name="Token">The provider's name for it.</param>
/// <param name="Platform"><c>ios</c>, <c>android</c> or <c>web</c>; <see langword="null"/> where it was not said.</param>
[JsonConverter(typeof(PushTokenConverter))]
public sealed record PushToken(string Token, string? Platform = null)
{
    /// <summary>The platforms there are.</summary>
    public static IReadOnlyList<string> Platforms { get; } = ["ios", "android", "web"];

    /// <summary>A token of a platform that was not said.</summary>
    public static implicit operator PushToken(string token) => FromString(token);

    /// <summary>A token of a platform that was not said.</summary>
    public static PushToken FromString(string token) => new(token);
}

/// <summary>Reads <c>{ "token": …, "platform": … }</c> or the bare token; writes the former.</summary>
internal sealed class PushTokenConverter : JsonConverter<PushToken>
{
    public override PushToken Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return new PushToken(reader.GetString()!);
        }
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("token", out var token)
            && NotifyJson.TryGetString(token, out var text)
            ? new PushToken(text, document.RootElement.TryGetProperty("platform", out var platform)
                && NotifyJson.TryGetString(platform, out var name)
                ? name
                : null)
            : throw new JsonException("A push token is a text, or an object with 'token'.");
    }

    public override void Write(Utf8JsonWriter writer, PushToken value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("token", value.Token);
        if (value.Platform is { } platform)
        {
            writer.WriteString("platform", platform);
        }
        writer.WriteEndObject();
    }
}
