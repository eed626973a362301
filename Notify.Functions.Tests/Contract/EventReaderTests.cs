using System.Text;
using Notify.Functions.Contract;

namespace Notify.Functions.Tests.Contract;

public sealed class EventReaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private const string Seed = """
        {"type":"alert","priority":"critical","recipients":["user_1"],"channels":["push"],"payload":{"message":"Test"}}
        """;

    [Fact]
    public void Reads_the_seed_and_fills_in_id_and_time()
    {
        var read = Read(Seed, new EventDefaults("made-up", Now)).Event!;

        Assert.Equal("made-up", read.Id);
        Assert.Equal(Now, read.CreatedAt);
        Assert.Equal(EventType.Alert, read.Type);
        Assert.Equal(Priority.Critical, read.Priority);
        Assert.Equal(["user_1"], read.Recipients);
        Assert.Equal([Channel.Push], read.Channels);
    }

    [Fact]
    public void Refuses_a_missing_id_where_nothing_stands_in_for_it() =>
        Assert.Equal(("id", "missing"), OnlyFault(Seed, new EventDefaults(Id: null, Now)));

    [Fact]
    public void Lists_every_fault_and_not_only_the_first()
    {
        var faults = Read(
            """{"type":"news","priority":"urgent","recipients":[],"channels":["fax"],"payload":[],"createdAt":"yesterday","colour":"red"}""").Faults;

        Assert.Equal(
            ["channels[0] unknown", "colour unknown", "createdAt invalid", "payload invalid", "priority unknown", "recipients invalid",
                "type unknown"],
            faults.Select(fault => $"{fault.Field} {fault.Code}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("not json", "$", "not_json")]
    [InlineData("", "$", "not_json")]
    [InlineData("[]", "$", "invalid")]
    [InlineData("""{"type":"alert","type":"alert"}""", "$", "not_json")]
    public void Refuses_what_is_no_object(string json, string field, string code) => Assert.Equal((field, code), OnlyFault(json));

    [Theory]
    [InlineData("schemaVersion", "\"event.v9\"", "unknown")]
    [InlineData("schemaVersion", "7", "unknown")]
    [InlineData("type", "\"ALERT\"", "unknown")]
    [InlineData("type", "1", "unknown")]
    [InlineData("payload", "{\"data\":{}}", "invalid")]
    [InlineData("payload", "{\"message\":\"\\ud800\"}", "invalid")]
    [InlineData("payload", "{\"message\":5}", "invalid")]
    [InlineData("payload", "{\"message\":\"m\",\"data\":{\"a\":[]}}", "invalid")]
    [InlineData("createdAt", "\"2026-13-01T00:00:00Z\"", "invalid")]
    [InlineData("createdAt", "\"0026-01-01T00:00:00Z\"", "invalid")]
    [InlineData("createdAt", "\"01/02/2026\"", "invalid")]
    [InlineData("id", "\"a/b\"", "invalid")]
    [InlineData("id", "\"\"", "invalid")]
    [InlineData("tenant", "\"ten ant\"", "invalid")]
    [InlineData("deduplicationKey", "\"a\\nb\"", "invalid")]
    [InlineData("template", "\"../welcome\"", "invalid")]
    [InlineData("sendAt", "\"tomorrow\"", "invalid")]
    public void Refuses_a_faulty_field(string field, string value, string code) =>
        Assert.Equal((field, code), OnlyFault(With(field, value)));

    [Theory]
    [InlineData("2026-03-04T12:00:00Z", "2026-03-04T12:00:00Z")]
    [InlineData("2027-03-06T12:00:00Z", null)]
    public void Refuses_a_time_to_send_that_cannot_be_kept(string sendAt, string? expiresAt)
    {
        var json = $$"""{"type":"alert","priority":"low","recipients":["u"],"channels":["sms"],"payload":{"message":"m"},"sendAt":"{{sendAt}}"{{(expiresAt is null ? "" : $",\"expiresAt\":\"{expiresAt}\"")}}}""";

        Assert.Equal(("sendAt", "invalid"), OnlyFault(json));
    }

    [Theory]
    [InlineData("user 1", "invalid")]
    [InlineData("mailto:nobody", "invalid")]
    [InlineData("mailto:a@b@example.com", "invalid")]
    [InlineData("tel:0123", "invalid")]
    [InlineData("topic:", "invalid")]
    [InlineData("topic:a b", "invalid")]
    public void Refuses_a_faulty_recipient_by_its_place(string recipient, string code) =>
        Assert.Equal(("recipients[1]", code), OnlyFault(With("recipients", $"""["user_1","{recipient}"]""")));

    [Theory]
    [InlineData("user_1")]
    [InlineData("a.b:c@d+e-f_G9")]
    [InlineData("mailto:jane.doe+x@example.com")]
    [InlineData("tel:+15555550100")]
    [InlineData("topic:offers")]
    public void Takes_users_and_external_addresses(string recipient) =>
        Assert.Equal([recipient], Read(With("recipients", $"""["{recipient}"]""")).Event!.Recipients);

    [Fact]
    public void Takes_ten_topics_and_tells_them_from_those_who_are_named()
    {
        string Topics(int count) =>
            With("recipients", "[\"u\"," + string.Join(',', Enumerable.Range(0, count).Select(n => $"\"topic:t{n}\"")) + "]");
        var read = Read(Topics(10)).Event!;

        Assert.Equal(["u"], read.Named);
        Assert.Equal(Enumerable.Range(0, 10).Select(n => $"t{n}"), read.Topics);
        Assert.Equal(("recipients", "too_many"), OnlyFault(Topics(11)));
    }

    [Fact]
    public void Takes_a_recipient_or_channel_that_is_listed_twice_once()
    {
        var read = Read(
            """{"id":"e","type":"alert","priority":"low","recipients":["b","a","b"],"channels":["sms","sms"],"payload":{"message":"m"}}""").Event!;

        Assert.Equal(["b", "a"], read.Recipients);
        Assert.Equal([Channel.Sms], read.Channels);
    }

    [Fact]
    public void Holds_the_limits_to_the_byte()
    {
        var room = EventLimits.PayloadBytes - """{"message":""}""".Length;

        Assert.NotNull(Read(With("payload", $$"""{"message":"{{new string('x', room)}}"}""")).Event);
        Assert.Equal(("payload", "too_long"), OnlyFault(With("payload", $$"""{"message":"{{new string('x', room + 1)}}"}""")));
        Assert.Equal(("$", "too_long"), OnlyFault(With("payload", $$"""{"message":"{{new string('x', EventLimits.EventBytes)}}"}""")));
        Assert.Equal(1000, Read(With("recipients", Ids(1000))).Event!.Recipients.Count);
        Assert.Equal(("recipients", "too_many"), OnlyFault(With("recipients", Ids(1001))));
        Assert.Equal(("$", "not_json"),
            OnlyFault(With("payload", "{\"message\":\"m\",\"deep\":" + new string('[', 40) + new string(']', 40) + "}")));
    }

    [Fact]
    public void Never_quotes_payload_or_addresses_in_a_fault()
    {
        const string Secret = "very-secret@example.com";
        var faults = new[]
        {
            $$"""{"payload": {{Secret}} }""",
            With("recipients", $$"""["mailto:{{Secret}} x"]"""),
            With("payload", $$"""{"message":["{{Secret}}"]}"""),
            With("createdAt", $"\"{Secret}\""),
        }.SelectMany(json => Read(json).Faults).ToList();

        Assert.True(faults.Count >= 4);
        Assert.DoesNotContain(faults, fault => fault.Detail.Contains("secret", StringComparison.Ordinal)
            || fault.Field.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void Takes_the_header_s_key_and_refuses_two_that_differ()
    {
        Assert.Equal("k", Read(Seed, new EventDefaults("e", Now, "k")).Event!.DeduplicationKey);
        Assert.Equal("k", Read(With("deduplicationKey", "\"k\""), new EventDefaults("e", Now, "k")).Event!.DeduplicationKey);
        Assert.Equal(("deduplicationKey", "conflict"), OnlyFault(With("deduplicationKey", "\"k\""), new EventDefaults("e", Now, "other")));
    }

    private static string Ids(int count) => "[" + string.Join(',', Enumerable.Range(0, count).Select(n => $"\"u{n}\"")) + "]";

    internal static string With(string field, string value)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["id"] = "\"e\"",
            ["type"] = "\"alert\"",
            ["priority"] = "\"low\"",
            ["recipients"] = "[\"user_1\"]",
            ["channels"] = "[\"email\"]",
            ["payload"] = "{\"message\":\"m\"}",
            [field] = value,
        };
        return "{" + string.Join(',', fields.Select(pair => $"\"{pair.Key}\":{pair.Value}")) + "}";
    }

    private static EventReading Read(string json, EventDefaults? defaults = null) =>
        EventReader.Read(Encoding.UTF8.GetBytes(json), defaults ?? new EventDefaults("e", Now));

    private static (string Field, string Code) OnlyFault(string json, EventDefaults? defaults = null)
    {
        var reading = Read(json, defaults);
        Assert.Null(reading.Event);
        var fault = Assert.Single(reading.Faults);
        return (fault.Field, fault.Code);
    }
}
