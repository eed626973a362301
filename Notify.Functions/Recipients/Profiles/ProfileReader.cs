using System.Globalization;
using System.Text.Json;
using Notify.Functions.Contract;

namespace Notify.Functions.Recipients.Profiles;

/// <summary>Reads a recipient's profile as the API takes it, and says everything that is wrong with it.</summary>
internal static class ProfileReader
{
    /// <summary>The body's size in bytes.</summary>
    public const int MaxBytes = 32 * 1024;

    /// <summary>How deep the body may nest.</summary>
    public const int Depth = 4;

    private const int MostPushTokens = 20;
    private const int TokenLength = 1024;
    private const int MostAttributes = 50;
    private const int NameLength = 64;
    private const int ValueLength = 512;

    // A property of a row holds 32,768 characters.
    private const int MostCharacters = 32_000;

    private static readonly string[] Fields = ["id", "tenant", "email", "phone", "pushTokens", "locale", "timeZone", "attributes"];
    private static readonly string[] TokenFields = ["token", "platform"];

    /// <summary>The profile of a recipient, or what is wrong with it.</summary>
    public static (RecipientProfile? Profile, IReadOnlyList<EventFault> Faults) Read(string? tenant, string id, ReadOnlyMemory<byte> body)
    {
        using var document = StrictJson.Parse(body, Depth, out var fault);
        return document is null ? (null, [fault!]) : Read(tenant, id, document.RootElement);
    }

    /// <summary>
    /// The same of JSON that was parsed already. An address that the profile had <paramref name="before"/> stands: an earlier version may
    /// have accepted what this one refuses.
    /// </summary>
    public static (RecipientProfile? Profile, IReadOnlyList<EventFault> Faults) Read(
        string? tenant, string id, JsonElement root, RecipientProfile? before = null)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return (null, [new EventFault("$", "invalid", "The body is a JSON object.")]);
        }
        var fields = new EventFields(root);
        fields.RefuseUnknown(Fields, "a recipient");
        if ((fields.Id("id", id, required: false) ?? id) != id)
        {
            fields.Fault("id", "conflict", "'id' is another than in the path; leave it out.");
        }
        if (fields.Id("tenant", tenant, required: false) is var named && named != tenant && fields.Faults.All(one => one.Field != "tenant"))
        {
            fields.Fault("tenant", "conflict", "'tenant' is another than in the query; leave it out.");
        }
        var profile = new RecipientProfile
        {
            Id = id,
            Tenant = tenant,
            Email = Form(fields, "email", 320, text => Same(text, before?.Email) ?? AddressNormalizer.Email(text.Trim()),
                "'email' is an email address of at most 254 characters, 64 before the sign."),
            Phone = Form(fields, "phone", 40, text => Same(text, before?.Phone) ?? AddressNormalizer.Phone(text),
                "'phone' is a number in international form, as long as its country's numbers are, without a trunk 0."),
            Locale = Form(fields, "locale", 35, LanguageTag.Normalize,
                "'locale' is a language tag by BCP 47, such as de-AT or zh-Hant-TW."),
            TimeZone = Form(fields, "timeZone", 64, TimeZoneNames.Normalize,
                "'timeZone' is a name of IANA's time zone database, in its own spelling, such as Europe/Vienna."),
            PushTokens = fields.Has("pushTokens") ? PushTokens(fields, root.GetProperty("pushTokens")) : [],
            Attributes = fields.Has("attributes")
                ? Attributes(fields, root.GetProperty("attributes")) : new Dictionary<string, string>(StringComparer.Ordinal),
        };
        if (fields.Faults.Count == 0 && JsonSerializer.Serialize(profile, NotifyJson.Options).Length > MostCharacters)
        {
            fields.Fault("$", "too_long", string.Create(CultureInfo.InvariantCulture,
                $"The profile is longer than {MostCharacters} characters."));
        }
        return fields.Faults.Count == 0 ? (profile, []) : (null, fields.Faults);
    }

    private static string? Form(EventFields fields, string name, int limit, Func<string, string?> form, string rule)
    {
        if (fields.Text(name, limit) is not { } text)
        {
            return null;
        }
        if (form(text) is { } value)
        {
            return value;
        }
        fields.Fault(name, "invalid", rule);
        return null;
    }

    private static string? Same(string text, string? before) => string.Equals(text, before, StringComparison.Ordinal) ? text : null;

    private static List<PushToken> PushTokens(EventFields fields, JsonElement list)
    {
        var tokens = new List<PushToken>();
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MostPushTokens)
        {
            fields.Fault("pushTokens", "invalid",
                string.Create(CultureInfo.InvariantCulture, $"'pushTokens' is an array of at most {MostPushTokens} items."));
            return tokens;
        }
        foreach (var (item, place) in list.EnumerateArray().Select((item, place) => (item, place)))
        {
            if (PushTokenOf(item) is { } token)
            {
                tokens.Add(token);
            }
            else
            {
                fields.Fault(
                    string.Create(CultureInfo.InvariantCulture, $"pushTokens[{place}]"), "invalid",
                    string.Create(CultureInfo.InvariantCulture,
                        $"A push token is a text of 1–{TokenLength} characters without blanks, or an object with such a 'token' and a "
                            + $"'platform': ios, android or web."));
            }
        }
        return [.. tokens.DistinctBy(token => token.Token, StringComparer.Ordinal)];
    }

    private static PushToken? PushTokenOf(JsonElement item)
    {
        var isObject = item.ValueKind == JsonValueKind.Object;
        if (isObject && item.EnumerateObject()
            .Any(property => NotifyJson.NameOf(property) is not { } name || !TokenFields.Contains(name, StringComparer.Ordinal)))
        {
            return null;
        }
        if (!NotifyJson.TryGetString(isObject && item.TryGetProperty("token", out var inner) ? inner : item, out var token)
            || token.Length is 0 or > TokenLength || token.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            return null;
        }
        if (!isObject || !item.TryGetProperty("platform", out var given) || given.ValueKind == JsonValueKind.Null)
        {
            return new PushToken(token);
        }
        return NotifyJson.TryGetString(given, out var platform) && PushToken.Platforms.Contains(platform, StringComparer.Ordinal)
            ? new PushToken(token, platform) : null;
    }

    private static Dictionary<string, string> Attributes(EventFields fields, JsonElement given)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        var rule = string.Create(
            CultureInfo.InvariantCulture,
            $"'attributes' is an object of at most {MostAttributes} texts of at most {ValueLength} characters, under names of "
                + $"1–{NameLength} letters, digits, '_', '-' and '.'.");
        if (given.ValueKind != JsonValueKind.Object || given.GetPropertyCount() > MostAttributes)
        {
            fields.Fault("attributes", "invalid", rule);
            return attributes;
        }
        foreach (var property in given.EnumerateObject())
        {
            if (NotifyJson.NameOf(property) is { Length: > 0 and <= NameLength } name
                && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')
                && NotifyJson.TryGetString(property.Value, out var value) && value.Length <= ValueLength)
            {
                attributes[name] = value;
            }
            else
            {
                fields.Fault("attributes", "invalid", rule);
                break;
            }
        }
        return attributes;
    }
}
