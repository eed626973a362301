using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Notify.Functions.Tests.Scenarios.Fuzz;

/// <summary>A valid request after one to three changes. The same seed gives the same request.</summary>
internal sealed class Mutant
{
    // Stands in a JSON text for an escaped half of a surrogate pair, which no string of ours can hold.
    private const string Half = "HALF";

    private static readonly string[] Odd =
    [
        "", " ", "\0", "a/b", "a//b", "%", "%2F", "%00", "%ff", "..", "ü", "💥", "\u202e", Half, new('x', 300), new('x', 5000), "null",
        "-1", "0", "1e999", "NaN", "true", "[]", "{}",
        "2026-13-45", "9999-12-31T23:59:60Z", "0001-01-01T00:00:00Z", "2026-11-30T10:00:00", "javascript:alert(1)", "data:text/html,x",
        "mailto:", "mailto:a@b@c", "tel:+", "tel:+999", "topic:",
        "mailto:a@b.c\r\nBcc: x@y.z", "{{#each x}}", "{{date at}}", "<script>", "\\", "\"", "'", "*", "a|b|c", "critical", "email,sms",
        "Europe/Atlantis", "xx-YY-ZZ-11", "event.v9", "~", "!",
    ];

    private static readonly string[] Types =
    [
        "application/json; charset=utf-7", "application/json; charset=", "text/plain", "application/xml", "multipart/form-data",
        "multipart/form-data; boundary=x", "application/x-www-form-urlencoded; charset=utf-7",
        "application/x-www-form-urlencoded; charset=nonsense", "application/cloudevents+json", "application/cloudevents-batch+json", ";",
        "", "a/b/c", "application/json; boundary=\"",
    ];

    private static readonly string[] Headers =
    [
        "Idempotency-Key", "traceparent", "tracestate", "baggage", "ce-id", "ce-specversion", "ce-source", "ce-type", "ce-time",
        "schema-version", "If-Match", "If-None-Match", "Accept", "Accept-Encoding", "Content-Encoding",
        "Content-Language", "Expect", "Range", "X-Forwarded-For", "X-Twilio-Signature", "X-Twilio-Email-Event-Webhook-Signature",
        "X-Twilio-Email-Event-Webhook-Timestamp", "aeg-event-type", "WebHook-Request-Origin",
        "x-functions-key", "Authorization", "Cookie", "Origin", "Prefer",
    ];

    private readonly Random _random;

    private Mutant(ValidRequest valid, int seed, IReadOnlyDictionary<string, string> real)
    {
        _random = new Random(seed);
        string Filled(string text) =>
            real.Aggregate(text.Replace(ValidRequest.Number, seed.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal),
                (filled, one) => filled.Replace(one.Key, one.Value, StringComparison.Ordinal));
        (Method, Target, Type) = (valid.Method, Filled(valid.Target), valid.Type);
        Body = Encoding.UTF8.GetBytes(Filled(valid.Body ?? ""));
    }

    public string Method { get; private set; }

    public string Target { get; private set; }

    public string Type { get; private set; }

    public byte[] Body { get; private set; }

    public List<KeyValuePair<string, string>> More { get; } = [];

    /// <summary>Whether a webhook's call is to be signed as the provider would sign it.</summary>
    public bool IsSigned { get; private set; }

    /// <summary>The request of a number.</summary>
    /// <param name="seed">The number.</param>
    /// <param name="real">What stands for the placeholders of <see cref="ValidRequest"/>.</param>
    public static Mutant Of(int seed, IReadOnlyDictionary<string, string> real)
    {
        var valid = ValidRequest.All[seed % ValidRequest.All.Count];
        var mutant = new Mutant(valid, seed, real);
        mutant.IsSigned = mutant._random.Next(4) > 0;
        for (var changes = 1 + mutant._random.Next(3); changes > 0; changes--)
        {
            mutant.Change();
        }
        return mutant;
    }

    /// <summary>The request as it is taken.</summary>
    public static Mutant Unchanged(ValidRequest valid, IReadOnlyDictionary<string, string> real) =>
        new(valid, -1, real) { IsSigned = true };

    public override string ToString() =>
        $"{Method} {Target}\n{Type}\n{string.Join('\n', More.Select(one =>
            $"{one.Key}: {one.Value}"))}\n{Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 4000)))}";

    private void Change()
    {
        if (Body.Length > 0 && _random.Next(3) > 0)
        {
            if (_random.Next(3) > 0 && TryParse(Body) is { } root)
            {
                ChangeJson(root);
                return;
            }
            ChangeBytes();
            return;
        }
        switch (_random.Next(6))
        {
            case 0:
                Type = One(Types);
                break;
            case 1:
                More.Add(new(One(Headers), One(Odd)));
                break;
            case 2:
                ChangeSegment();
                break;
            case 3:
                Target += (Target.Contains('?', StringComparison.Ordinal) ? '&' : '?') + One(ValidRequest.Words) + '=' + Escaped(One(Odd));
                break;
            case 4:
                ChangeQuery();
                break;
            default:
                Method = One(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"]);
                break;
        }
    }

    private void ChangeSegment()
    {
        var parts = Target.Split('?', 2);
        var segments = parts[0].Split('/');
        // Behind "/api".
        segments[_random.Next(2, segments.Length)] = Escaped(One(Odd));
        parts[0] = string.Join('/', segments);
        Target = string.Join('?', parts);
    }

    private void ChangeQuery()
    {
        if (Target.Split('?', 2) is [var path, var query])
        {
            var pairs = query.Split('&');
            var chosen = _random.Next(pairs.Length);
            pairs[chosen] = pairs[chosen].Split('=')[0] + '=' + Escaped(One(Odd));
            Target = $"{path}?{string.Join('&', pairs)}";
        }
    }

    // Mostly as a client would write it, sometimes as it stands.
    private string Escaped(string text) => _random.Next(3) > 0
        ? Uri.EscapeDataString(text)
        : string.Concat(text.Where(c => c is > ' ' and < '\x7f'
            and not ('"' or '<' or '>' or '#' or '?' or '&' or '\\' or '^' or '`' or '{' or '|' or '}')));

    private void ChangeBytes()
    {
        var body = Body.ToList();
        var at = _random.Next(body.Count);
        switch (_random.Next(8))
        {
            case 0:
                body.RemoveRange(at, Math.Min(body.Count - at, 1 + _random.Next(20)));
                break;
            case 1:
                body[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 2:
                body.Insert(at, One([(byte)0xff, (byte)0xc3, (byte)0, (byte)'"', (byte)'\\', (byte)'\r', (byte)0xed]));
                break;
            case 3:
                body.RemoveRange(at, body.Count - at);
                break;
            case 4:
                body.InsertRange(0, [0xef, 0xbb, 0xbf]);
                break;
            case 5:
                body.AddRange(body.ToArray());
                break;
            case 6:
                body.InsertRange(at, Encoding.ASCII.GetBytes("\\ud800"));
                break;
            default:
                body.InsertRange(at, Encoding.UTF8.GetBytes(One(Odd)));
                break;
        }
        Body = [.. body];
    }

    private void ChangeJson(JsonNode root)
    {
        var places = new List<JsonNode>();
        Collect(root, places);
        var place = One(places);
        if (place is JsonObject members)
        {
            var name = members.Count == 0 ? "more" : One([.. members.Select(member => member.Key)]);
            switch (_random.Next(4))
            {
                case 0:
                    members.Remove(name);
                    break;
                case 1:
                    members[One([.. ValidRequest.Words, .. Odd])] = OddValue();
                    break;
                default:
                    members[name] = OddValue();
                    break;
            }
        }
        else if (place is JsonArray items)
        {
            var at = _random.Next(items.Count + 1);
            if (at < items.Count && _random.Next(2) == 0)
            {
                items.RemoveAt(at);
            }
            else
            {
                items.Insert(at, OddValue());
            }
        }
        Body = Encoding.UTF8.GetBytes(root.ToJsonString().Replace(Half, "\\ud800", StringComparison.Ordinal));
    }

    private JsonNode? OddValue() => _random.Next(12) switch
    {
        0 => null,
        1 => JsonValue.Create(true),
        2 => JsonValue.Create(-1),
        3 => JsonValue.Create(1e300),
        4 => new JsonArray(),
        5 => new JsonObject(),
        6 => new JsonObject { ["user"] = One(Odd) },
        7 => new JsonArray(JsonValue.Create(One(Odd)), null),
        8 => Deep(80),
        _ => JsonValue.Create(One(Odd)),
    };

    private static JsonNode Deep(int depth) => depth == 0 ? new JsonObject() : new JsonArray(Deep(depth - 1));

    private static void Collect(JsonNode node, List<JsonNode> places)
    {
        places.Add(node);
        foreach (var child in node is JsonObject members ? members.Select(member => member.Value) : node is JsonArray items
            ? items : Enumerable.Empty<JsonNode?>())
        {
            if (child is JsonObject or JsonArray)
            {
                Collect(child, places);
            }
        }
    }

    private static JsonNode? TryParse(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body) is { } node and (JsonObject or JsonArray) && Try(node) ? node : null;
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    // What has a member twice, or a half of a surrogate pair, can be read and not be written.
    private static bool Try(JsonNode node)
    {
        var places = new List<JsonNode>();
        Collect(node, places);
        return node.ToJsonString().Length > 0;
    }

    private T One<T>(IReadOnlyList<T> some) => some[_random.Next(some.Count)];
}
