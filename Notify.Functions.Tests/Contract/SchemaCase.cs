using System.Text.Json;
using System.Text.Json.Nodes;

namespace Notify.Functions.Tests.Contract;

/// <summary>One field of a valid event changed, and whether the event is valid then.</summary>
/// <param name="Version">The version.</param>
/// <param name="Field">The field.</param>
/// <param name="Value">Its value as JSON; <see langword="null"/> leaves it out.</param>
/// <param name="IsValid">Whether reader and schema must take it.</param>
internal sealed record SchemaCase(string Version, string Field, string? Value, bool IsValid)
{
    private static readonly string[] BothValid =
    [
        "type alert", "type marketing", "type transactional", "priority critical", "priority high", "priority normal", "priority low",
        "id a.b:c@d+e-f_G9",
        "tenant acme", "tenant null", "category a:b", "category null", "deduplicationKey any text, ünïcode 🎉", "deduplicationKey null",
        "createdAt 2026-01-31T09:30:00Z",
        "createdAt 2026-01-31T09:30:00.123456789+02:00", "createdAt 2026-01-31T09:30:00-14:00", "createdAt 2024-02-29T00:00:00Z",
        "createdAt 2026-11-29t11:00:00z", "createdAt 2016-12-31T23:59:60Z", "createdAt 2017-01-01T00:59:60.5+01:00",
        "createdAt 2026-01-31T09:30:00+23:59", "createdAt 2026-01-31T09:30:00.12345678901234567890Z",
        "expiresAt 2099-01-01T00:00:00Z", "expiresAt null", "traceparent null",
        "traceparent 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        """channels ["email","sms","push","in_app"]""", """channels ["sms","sms"]""", "template null", "template welcome",
        "template Password-reset_2", "sendAt null", "sendAt 2026-02-01T00:00:00Z",
    ];

    private static readonly string[] BothInvalid =
    [
        "type", "type news", "type ALERT", "type null", "type 1", "priority", "priority urgent", "priority null", "recipients",
        "recipients null", "recipients []", "recipients {}",
        "recipients [7]", "recipients [null]", "channels", "channels []", "channels email", """channels ["fax"]""",
        """channels ["Email"]""", "channels [1]", "id a/b", "id \"\"", "id 7",
        "tenant ten ant", "tenant {}", "category a,b", "category []", "deduplicationKey \"\"", "deduplicationKey \"a\\nb\"",
        "deduplicationKey 1", "createdAt yesterday", "createdAt 17",
        "createdAt 2026-13-01T00:00:00Z", "createdAt 1999-01-01T00:00:00Z", "createdAt 3000-01-01T00:00:00Z", "createdAt 01/02/2026",
        "createdAt 2026-01-31T24:00:00Z", "createdAt 2026-01-31T09:30:61Z", "createdAt 2026-01-31T09:30:00+24:00",
        "createdAt 2026-01-31T09:30:00,5Z", "createdAt 2026-01-31T09:30:00.Z",
        "createdAt 2026-01-31 09:30:00Z", "createdAt \"2026-01-31T09:30:00Z\\n\"", "expiresAt never", "expiresAt {}", "traceparent \"\"",
        "traceparent 7", "template \"\"", "template ../secrets", "template _layouts", "template a.b", "template 7", "template []",
        "sendAt tomorrow", "sendAt 7",
        "schemaVersion event.v9", "schemaVersion null", "schemaVersion 2", "colour red", "Type alert", "payload []", "payload text",
    ];

    /// <summary>The whole document.</summary>
    public string Json
    {
        get
        {
            var document = JsonNode.Parse(Base(Version))!.AsObject();
            document.Remove(Field);
            if (Value is not null)
            {
                document[Field] = JsonNode.Parse(Value);
            }
            return document.ToJsonString();
        }
    }

    public static IEnumerable<SchemaCase> All()
    {
        foreach (var version in new[] { "event.v1", "event.v2" })
        {
            foreach (var one in BothValid)
            {
                yield return Of(version, one, isValid: true);
            }
            foreach (var one in BothInvalid)
            {
                yield return Of(version, one, isValid: false);
            }
        }
        foreach (var one in SchemaCasesByVersion.All())
        {
            yield return one;
        }
    }

    public static SchemaCase Of(string version, string text, bool isValid)
    {
        var parts = text.Split(' ', 2);
        return new SchemaCase(version, parts[0], parts.Length == 1 ? null : IsJson(parts[1])
            ? parts[1] : JsonSerializer.Serialize(parts[1]), isValid);
    }

    private static string Base(string version) => version is "event.v1"
        ? """{"id":"e","type":"alert","priority":"low","recipients":["user_1"],"channels":["email"],"payload":{"message":"m"}}"""
        : """
          {"schemaVersion":"event.v2","id":"e","type":"alert","priority":"low","recipients":[{"user":"user_1"}],"channels":["email"],
           "content":{"message":"m"},"createdAt":"2026-01-31T09:30:00Z"}
          """;

    private static bool IsJson(string text)
    {
        try
        {
            using var parsed = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
