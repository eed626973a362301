using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Notify.Functions.Tests.Contract;

/// <summary>
/// Records as nobody should send them: valid ones of every kind, with fields, bytes and headers changed at random, from a seed.
/// </summary>
internal sealed class EventMutations(int seed, int ids = 1)
{
    /// <summary>Stands where addresses and texts stand; no fault may repeat it.</summary>
    public const string Secret = "zx81secret";

    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1e999", "1.000000000000000000000001", "\"\"", "\" \"", "[]", "{}", "[null]", "[[]]", "\"\\ud800\"",
        "\"\\u0000\"", "\"\\udc00x\"", "\"🎉\"", "{\"\\ud800\":1}",
        "\"2000-01-01T00:00:00+05:00\"", "\"2999-12-31T23:59:59-05:00\"", "\"0001-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59.9999999Z\"",
        "\"2026-01-31\"", "\"event.v1\"", "\"event.v2\"", "\"event.v3\"",
        "{\"message\":\"\\ud83d\"}", "{\"message\":\"m\",\"\\u0074itle\":\"t\"}", "[\"mailto:é🎉@example.com\"]",
        "[\"mailto:\\ud800@example.com\"]", "{\"user\":\"\\ud800\"}", "[{\"user\":\"\\ud800\"},{\"\\udfff\":1}]",
        $"\"{Secret}\"", $"[\"{Secret}\\u0001\"]", $"{{\"{Secret} @\":1}}", "\"1.0\"", "\"key with\\u2028line\"", "\"\\u007f\"",
        "\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\"",
    ];

    private static readonly string[] Names =
    [
        "id", "type", "priority", "recipients", "channels", "payload", "content", "createdAt", "deduplicationKey", "schemaVersion",
        "template", "category", "tenant", "expiresAt", "sendAt",
        "traceparent", "specversion", "data", "data_base64", "source", "time", "dataschema", "\\ud800", "\\u0069d", "", $"{Secret}@",
        "x\\u0000", "é",
    ];

    private static readonly string[] HeaderNames =
        ["schemaVersion", "schema-version", "content-type", "traceparent", "ce_id", "ce_source", "ce_type", "ce_specversion", "ce_time",
            "ce_dataschema", "ce_traceparent", "other", ""];

    private static readonly string[] HeaderValues =
    [
        "event.v1", "event.v2", "event.v3", "application/json", "application/cloudevents+json; charset=utf-8",
        "application/cloudevents+avro", "1.0", "0.3", "17", "/orders", "a b", "", Secret,
        "2026-01-31T09:30:00Z", "urn:event.v2", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    ];

    private static readonly Dictionary<string, string> Kinds =
        new(StringComparer.Ordinal) { ["mailto"] = "email", ["tel"] = "phone", ["topic"] = "topic" };

    private readonly Random _random = new(seed);

    /// <summary>The next record.</summary>
    public FuzzRecord Next()
    {
        var body = Body();
        var isBinary = _random.Next(6) == 0;
        var text = !isBinary && _random.Next(4) == 0
            ? $$"""{"specversion":"1.0","id":"{{Id()}}","source":"/orders","type":"com.example.order","time":"2026-01-31T09:30:00Z","data":{{body}} }""" : body;
        List<(string, string)> headers = isBinary
            ? [("ce_specversion", "1.0"), ("ce_id", Id()), ("ce_source", "/orders"), ("ce_type", "com.example.order"),
                ("ce_time", "2026-01-31T09:30:00Z")]
            : [];
        for (var more = _random.Next(12) - 9; more > 0; more--)
        {
            headers.Add((Pick(HeaderNames), Pick(HeaderValues)));
        }
        return new FuzzRecord(Bytes(text), [.. headers.Select(one => KeyValuePair.Create(one.Item1, HeaderValue(one.Item2)))]);
    }

    private string Body()
    {
        var fields = _random.Next(2) == 0 ? V1() : V2();
        for (var changes = _random.Next(6) - 3; changes > 0; changes--)
        {
            switch (_random.Next(4))
            {
                case 0:
                    fields.RemoveAt(_random.Next(fields.Count));
                    break;
                case 1:
                    var at = _random.Next(fields.Count);
                    fields[at] = fields[at][..(fields[at].IndexOf(':', StringComparison.Ordinal) + 1)] + Value();
                    break;
                case 2:
                    fields.Insert(_random.Next(fields.Count), $"\"{Pick(Names)}\":{Value()}");
                    break;
                default:
                    fields.Insert(_random.Next(fields.Count), $"\"{Pick(Names)}\":{JsonSerializer.Serialize(RandomText())}");
                    break;
            }
        }
        return "{" + string.Join(',', fields) + "}";
    }

    private List<string> V1()
    {
        return
        [
            $"\"id\":\"{Id()}\"", .. Kind(), $"\"recipients\":[{Recipients(name => $"\"{name}\"")}]",
            $"\"payload\":{{\"title\":\"{Secret}\",\"data\":{{\"n\":1.50}},\"deep\":[[{{}}]]}}", "\"createdAt\":\"2026-01-31T09:30:00Z\"",
        ];
    }

    private List<string> V2()
    {
        return
        [
            "\"schemaVersion\":\"event.v2\"", $"\"id\":\"{Id()}\"", .. Kind(), "\"createdAt\":\"2026-01-31T09:30:00Z\"",
            $"\"recipients\":[{Recipients(name => name.IndexOf(':', StringComparison.Ordinal) is > 0 and var at ? $"{{\"{Kinds[name[..at]]}\":\"{name[(at + 1)..]}\"}}" : $"{{\"user\":\"{name}\"}}")}]",
            $"\"content\":{{\"message\":\"{Secret} 🎉\",\"url\":\"https://example.com/\"}}", "\"payload\":{\"a\":[1]}",
        ];
    }

    // Every type, priority and set of channels, and of what may be left out this and that.
    private IEnumerable<string> Kind()
    {
        yield return $"\"type\":\"{Pick(["alert", "transactional", "marketing"])}\"";
        yield return $"\"priority\":\"{Pick(["critical", "high", "normal", "low"])}\"";
        yield return $"\"channels\":[{string.Join(',', Enumerable.Range(0, _random.Next(1, 5)).Select(_ =>
            $"\"{Pick(["email", "sms", "push", "in_app"])}\""))}]";
        string[] optional =
        [
            "\"category\":\"orders\"", $"\"tenant\":\"t{_random.Next(3)}\"", $"\"deduplicationKey\":\"{Id()}\"",
            "\"expiresAt\":\"2099-01-01T00:00:00Z\"", "\"expiresAt\":\"2026-02-01T00:00:00Z\"",
            "\"sendAt\":\"2026-06-01T00:00:00Z\"", "\"template\":\"welcome\"",
            "\"traceparent\":\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\"",
        ];
        foreach (var field in optional.Where(_ => _random.Next(5) == 0).DistinctBy(field => field[..5]))
        {
            yield return field;
        }
    }

    private string Recipients(Func<string, string> write) =>
        string.Join(',', Enumerable.Range(0, _random.Next(40) == 0 ? _random.Next(1100) : _random.Next(1, 6))
            .Select(_ => write(_random.Next(8) switch
            {
                0 => $"mailto:{Secret}@example.com",
                1 => "tel:+15555550100",
                2 => $"topic:news{_random.Next(4)}",
                _ => $"user_{_random.Next(20)}",
            })));

    private string Id() => $"e-{_random.Next(ids)}";

    private string Value() => _random.Next(5) switch
    {
        0 => new string('[', _random.Next(40)) + "1" + new string(']', _random.Next(40)),
        1 => _random.NextDouble().ToString(CultureInfo.InvariantCulture),
        _ => Pick(Values),
    };

    private string RandomText() =>
        new([.. Enumerable.Range(0, _random.Next(20)).Select(_ => (char)_random.Next(1, _random.Next(3) == 0 ? 0x3000 : 0x80))]);

    private byte[] Bytes(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (_random.Next(3) > 0)
        {
            return bytes;
        }
        for (var changes = _random.Next(1, 4); changes > 0; changes--)
        {
            bytes[_random.Next(bytes.Length)] = (byte)_random.Next(256);
        }
        return _random.Next(20) switch
        {
            0 => bytes[.._random.Next(bytes.Length)],
            1 => [.. bytes, .. bytes],
            2 => [0xEF, 0xBB, 0xBF, .. bytes],
            3 => [],
            _ => bytes,
        };
    }

    private byte[]? HeaderValue(string value) => _random.Next(20) switch
    {
        0 => null,
        1 => [0xC3, 0x28],
        _ => Encoding.UTF8.GetBytes(value),
    };

    private T Pick<T>(T[] items) => items[_random.Next(items.Length)];
}
