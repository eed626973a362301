using System.Text;
using System.Text.Json;
using Notify.Functions.Contract;

namespace Notify.Functions.Tests.Contract;

/// <summary>CloudEvents for tests, in both modes.</summary>
internal static class CloudEventSamples
{
    public const string V1Data = """{"type":"alert","priority":"low","recipients":["u"],"channels":["email"],"payload":{"message":"m"}}""";
    public const string V2Data =
        """{"type":"alert","priority":"low","recipients":[{"user":"u"}],"channels":["email"],"content":{"message":"m"}}""";

    private static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    public static string Structured(string data, params (string Name, string? Value)[] changes) => "{" + string.Join(
        ',',
        Attributes(changes).Select(pair => $"\"{pair.Key}\":{JsonSerializer.Serialize(pair.Value)}").Append($"\"data\":{data}")) + "}";

    public static EventHeaders Binary(params (string Name, string? Value)[] changes) => EventV2ReaderTests.Headers(
        [.. Attributes([.. changes.Select(one => (one.Name.Replace("ce_", string.Empty, StringComparison.Ordinal), one.Value))]).Select(
            pair => (pair.Key is "schemaVersion" ? pair.Key : "ce_" + pair.Key, pair.Value))]);

    private static Dictionary<string, string> Attributes((string Name, string? Value)[] changes)
    {
        var all = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["specversion"] = "1.0",
            ["id"] = "17",
            ["source"] = "/orders",
            ["type"] = "com.example.order"
        };
        foreach (var (name, value) in changes)
        {
            all[name] = value;
        }
        return all.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.Ordinal);
    }

    public static List<string> Faults(EventReading reading)
    {
        Assert.Null(reading.Event);
        return [.. reading.Faults.Select(fault => $"{fault.Field} {fault.Code}")];
    }

    public static EventReading Read(string json, EventHeaders? headers = null, EventDefaults? defaults = null) =>
        EventReader.Read(Encoding.UTF8.GetBytes(json), defaults ?? new EventDefaults(Id: null, Now), headers);
}
