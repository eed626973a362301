using System.Text;
using Notify.Functions.Contract;

namespace Notify.Functions.Tests.Contract;

public sealed class EventV2ReaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Reads_into_the_model_that_event_v1_has()
    {
        var read = Read("""
            {"schemaVersion":"event.v2","id":"e","type":"transactional","priority":"high","channels":["email"],"createdAt":"2026-01-31T10:30:00.5+01:00",
             "recipients":[{"user":"u"},{"email":"a@example.com"},{"phone":"+15555550100"},{"user":"u"}],
             "content":{"title":"Привіт 🎉","message":"m","url":"https://example.com/","data":{"n":1.50}},"payload":{"order":{"lines":[1]}},"expiresAt":"2026-02-01T00:00:00Z"}
            """).Event!;

        Assert.Equal(["u", "mailto:a@example.com", "tel:+15555550100"], read.Recipients);
        Assert.Equal("""{"title":"Привіт 🎉","message":"m","url":"https://example.com/","data":{"n":1.50},"order":{"lines":[1]}}""",
            read.Payload.GetRawText());
        Assert.Equal(new DateTimeOffset(2026, 1, 31, 9, 30, 0, 500, TimeSpan.Zero), read.CreatedAt);
        Assert.Equal(("Привіт 🎉", "m", "1.50"),
            (PayloadContent.Read(read.Payload).Title, PayloadContent.Read(read.Payload).Text, PayloadContent.Read(read.Payload).Data["n"]));
    }

    [Fact]
    public void Insists_on_the_producer_s_own_time() => Assert.Equal(("createdAt", "missing"), OnlyFault(With("createdAt", null)));

    [Theory]
    [InlineData("content", """{"mesage":"m","title":"t"}""", "content.mesage", "unknown")]
    [InlineData("content", """{"title":" "}""", "content.message", "missing")]
    [InlineData("content", """{"message":"m","url":"/orders"}""", "content.url", "invalid")]
    [InlineData("content", """{"message":"m","html":"\ud800"}""", "content.html", "invalid")]
    [InlineData("content", """{"message":"m","data":{"a":"\ud800"}}""", "content.data", "invalid")]
    [InlineData("payload", """{"title":"t"}""", "payload.title", "conflict")]
    [InlineData("payload", """{"a":["\ud800"]}""", "payload", "invalid")]
    [InlineData("payload", """{"\ud800":1}""", "$", "not_json")]
    [InlineData("recipients", """[{"user":"u"},{"email":"nobody"}]""", "recipients[1].email", "invalid")]
    [InlineData("recipients", """[{"topic":"a b"}]""", "recipients[0].topic", "invalid")]
    [InlineData("recipients", """[{"mail":"a@example.com"}]""", "recipients[0]", "unknown")]
    [InlineData("recipients", """["u"]""", "recipients[0]", "invalid")]
    [InlineData("expiresAt", "\"2026-01-31T09:30:00Z\"", "expiresAt", "invalid")]
    [InlineData("traceparent", "\"00-1\"", "traceparent", "invalid")]
    [InlineData("someone@example.com", "1", "?", "unknown")]
    public void Names_the_faulty_field(string field, string value, string faulty, string code) =>
        Assert.Equal((faulty, code), OnlyFault(With(field, value)));

    [Fact]
    public void Holds_content_and_payload_together_to_the_byte()
    {
        var room = EventLimits.PayloadBytes - """{"message":"m","fact":""}""".Length;

        Assert.NotNull(Read(With("payload", $$"""{"fact":"{{new string('x', room)}}"}""")).Event);
        Assert.Equal(("content", "too_long"), OnlyFault(With("payload", $$"""{"fact":"{{new string('x', room + 1)}}"}""")));
    }

    [Fact]
    public void Never_quotes_payload_or_addresses_in_a_fault()
    {
        const string Secret = "very-secret@example.com";
        var faults = new[]
        {
            With("recipients", $$"""[{"email":"{{Secret}} x"},{"user":"mailto:{{Secret}}"},{"{{Secret}}":"u"},"{{Secret}}"]"""),
            With("content", $$"""{"{{Secret}}":1,"url":"{{Secret}}","data":"{{Secret}}","title":["{{Secret}}"]}"""),
            With("payload", $"\"{Secret}\""),
            With("schemaVersion", $"\"{Secret}\""),
            With(Secret, "1"),
            With("type", $"\"{Secret}\""),
        }.SelectMany(json => Read(json).Faults).ToList();

        Assert.True(faults.Count >= 11, $"{faults.Count} faults");
        Assert.DoesNotContain(faults, fault => fault.ToString().Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void Takes_the_version_of_the_header_where_the_body_has_none()
    {
        var body = With("schemaVersion", null);

        Assert.NotNull(Read(body, Header("event.v2")).Event);
        Assert.NotNull(Read(With("id", "\"e\""), Header("event.v2")).Event);
        Assert.NotEmpty(Read(body).Faults);
        Assert.Equal(("schemaVersion", "conflict"), OnlyFault(With("id", "\"e\""), Header("event.v1")));
        Assert.Equal(("schemaVersion", "unknown"), OnlyFault(body, Header("event.v9")));
        Assert.Equal(("schemaVersion", "unknown"), OnlyFault(body, Header("\u0001")));
        Assert.Equal(("schemaVersion", "conflict"), OnlyFault(body, Headers(("schemaVersion", "event.v2"), ("schemaVersion", "event.v1"))));
        Assert.Equal(("schemaVersion", "conflict"),
            OnlyFault(body, Headers(("schemaVersion", "event.v2"), ("schema-version", "event.v1"))));
        Assert.NotNull(Read(body, Headers(("schemaVersion", "event.v2"), ("schemaVersion", "event.v2"), ("other", "x"))).Event);
    }

    internal static EventHeaders Headers(params (string Name, string Value)[] headers) =>
        EventHeaders.From(headers.Select(header =>
            KeyValuePair.Create<string, byte[]?>(header.Name, Encoding.UTF8.GetBytes(header.Value))));

    internal static string With(string field, string? value)
    {
        var fields = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["schemaVersion"] = "\"event.v2\"",
            ["id"] = "\"e\"",
            ["type"] = "\"alert\"",
            ["priority"] = "\"low\"",
            ["recipients"] = "[{\"user\":\"user_1\"}]",
            ["channels"] = "[\"email\"]",
            ["content"] = "{\"message\":\"m\"}",
            ["createdAt"] = "\"2026-01-31T09:30:00Z\"",
            [field] = value,
        };
        return "{" + string.Join(',', fields.Where(pair => pair.Value is not null).Select(pair => $"\"{pair.Key}\":{pair.Value}")) + "}";
    }

    private static EventHeaders Header(string version) => Headers(("schemaVersion", version));

    private static EventReading Read(string json, EventHeaders? headers = null) =>
        EventReader.Read(Encoding.UTF8.GetBytes(json), new EventDefaults(Id: null, Now), headers);

    private static (string Field, string Code) OnlyFault(string json, EventHeaders? headers = null)
    {
        var reading = Read(json, headers);
        Assert.Null(reading.Event);
        var fault = Assert.Single(reading.Faults);
        return (fault.Field, fault.Code);
    }
}
