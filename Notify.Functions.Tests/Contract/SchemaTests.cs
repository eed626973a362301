using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Notify.Functions.Contract;

namespace Notify.Functions.Tests.Contract;

/// <summary>Holds <c>docs/schemas</c> against the readers.</summary>
public sealed class SchemaTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private static readonly EventSchema V1 = EventSchema.Read("event.v1");
    private static readonly EventSchema V2 = EventSchema.Read("event.v2");

    [Fact]
    public void Reader_and_schema_give_the_same_verdict()
    {
        var cases = SchemaCase.All().ToList();
        var wrong = cases.Select(Disagreement).OfType<string>().ToList();

        Assert.True(cases.Count(one => one.IsValid) >= 60 && cases.Count(one => !one.IsValid) >= 60, "The table has lost its rows.");
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    [Theory]
    [InlineData("event.v1", """ "template":"welcome","payload":{"name":"Ann"} """, true)]
    [InlineData("event.v1", """ "template":"welcome","payload":{"message":" ","url":"u","data":{"a":1}} """, true)]
    [InlineData("event.v1", """ "template":null,"payload":{"name":"Ann"} """, false)]
    [InlineData("event.v1", """ "template":"welcome" """, false)]
    [InlineData("event.v1", """ "template":"welcome","payload":{"data":{"a":[]}} """, false)]
    [InlineData("event.v2", """ "template":"welcome","payload":{"name":"Ann"} """, true)]
    [InlineData("event.v2", """ "template":"welcome" """, true)]
    [InlineData("event.v2", """ "template":"welcome","content":null """, true)]
    [InlineData("event.v2", """ "template":"welcome","content":{"url":"https://example.com/"} """, true)]
    [InlineData("event.v2", """ "template":null,"payload":{"name":"Ann"} """, false)]
    [InlineData("event.v2", """ "template":null,"content":{"url":"https://example.com/"} """, false)]
    [InlineData("event.v2", """ "template":"welcome","content":{"url":"/orders"} """, false)]
    [InlineData("event.v2", """ "template":"welcome","payload":{"message":"m"} """, false)]
    [InlineData("event.v2", """ "template":"welcome","content":[] """, false)]
    public void With_a_template_reader_and_schema_do_without_words_of_the_events_own(string version, string fields, bool isValid)
    {
        var recipients = version is "event.v1" ? "\"u\"" : """{"user":"u"}""";
        var json = $$"""{"schemaVersion":"{{version}}","type":"alert","priority":"low","recipients":[{{recipients}}],"channels":["email"],"createdAt":"2026-01-31T09:30:00Z",{{fields}}}""";
        var reading = EventReader.Read(Encoding.UTF8.GetBytes(json), new EventDefaults("e", Now));

        Assert.Equal((isValid, isValid), (reading.Event is not null, (version is "event.v1" ? V1 : V2).IsValid(Parse(json))));
        Assert.True(!isValid || EventReader.Read(EventWriter.Write(reading.Event!),
            new EventDefaults(Id: null, Now)).Event is { Template: "welcome" });
    }

    [Fact]
    public void Reader_and_schema_have_the_same_fields()
    {
        Assert.Equal(EventV1Reader.Known.Order(StringComparer.Ordinal), Fields(V1.Root));
        Assert.Equal(EventV2Reader.Known.Order(StringComparer.Ordinal), Fields(V2.Root));
        Assert.Equal(ContentV2.Known.Order(StringComparer.Ordinal), Fields(V2.Root.GetProperty("properties").GetProperty("content")));
        Assert.Equal(ContentV2.Known.Order(StringComparer.Ordinal), Fields(V2.Root.GetProperty("properties").GetProperty("payload")));
    }

    [Theory]
    [InlineData("event.v1")]
    [InlineData("event.v2")]
    public void Reader_and_schema_have_the_same_values(string version)
    {
        var schema = version is "event.v1" ? V1 : V2;

        Assert.Empty(EnumGaps(schema, TypeNames, PriorityNames, ChannelNames));
        Assert.Equal(["type: newsletter", "priority: lowest", "channels: fax"],
            EnumGaps(schema, [.. TypeNames, "newsletter"], [.. PriorityNames, "lowest"], [.. ChannelNames, "fax"]));
        Assert.Equal(["type: alert"], EnumGaps(schema, [.. TypeNames.Where(name => name is not "alert")], PriorityNames, ChannelNames));
    }

    [Fact]
    public void Every_version_that_is_read_has_a_schema() => Assert.All(
        EventVersions.Names, version =>
            Assert.Equal(version, EventSchema.Read(version).Root.GetProperty("properties").GetProperty("schemaVersion").GetProperty("const")
                .GetString()));

    [Fact]
    public void The_table_notices_a_schema_that_is_too_lenient_or_too_strict()
    {
        var text = V2.Root.GetRawText();
        foreach (var (rule, other) in new[] { ("\"maxItems\": 1000", "\"maxItems\": 1001"), ("\"maxItems\": 1000", "\"maxItems\": 999"),
            ("\"createdAt\"\n", "\"id\"\n"), ("\"alert\"", "\"alarm\""),
            ("\"additionalProperties\": false", "\"additionalProperties\": true") })
        {
            var at = text.IndexOf(rule, StringComparison.Ordinal);
            Assert.True(at >= 0, rule);
            var changed = new EventSchema(string.Concat(text.AsSpan(0, at), other, text.AsSpan(at + rule.Length)));

            Assert.Contains(SchemaCase.All(), one => one.Version is "event.v2" && changed.IsValid(Parse(one.Json)) != one.IsValid);
        }
    }

    [Theory]
    [InlineData("event.v1")]
    [InlineData("event.v2")]
    public void A_schema_is_one_and_has_no_keyword_that_nobody_knows(string version)
    {
        var text = EventSchema.Text(version);

        Assert.True(MetaSchemas.Draft202012.Evaluate(Parse(text)).IsValid);
        BuildStrictly(text);
        Assert.Throws<JsonSchemaException>(() => BuildStrictly(text.Replace("\"maxItems\"", "\"maxItem\"", StringComparison.Ordinal)));
    }

    // By 2020-12 an unknown keyword is a remark; by what the library takes a schema without a dialect for, it is a fault.
    private static void BuildStrictly(string text)
    {
        var schema = JsonNode.Parse(text)!.AsObject();
        schema.Remove("$schema");
        JsonSchema.FromText(schema.ToJsonString(), EventSchema.Apart());
    }

    private static string[] TypeNames => [.. Enum.GetValues<EventType>().Select(value => value.Name())];

    private static string[] PriorityNames => [.. Enum.GetValues<Priority>().Select(value => value.Name())];

    private static string[] ChannelNames => [.. Enum.GetValues<Channel>().Select(value => value.Name())];

    /// <summary>What only one of the two has.</summary>
    private static IEnumerable<string> EnumGaps(EventSchema schema, string[] types, string[] priorities, string[] channels)
    {
        var properties = schema.Root.GetProperty("properties");
        return new[] { ("type", types, properties.GetProperty("type")), ("priority", priorities, properties.GetProperty("priority")),
            ("channels", channels, properties.GetProperty("channels").GetProperty("items")) }
            .SelectMany(one => Gaps(one.Item2, one.Item3.GetProperty("enum")).Select(name => $"{one.Item1}: {name}"));
    }

    private static IEnumerable<string> Gaps(string[] names, JsonElement values)
    {
        var stated = values.EnumerateArray().Select(value => value.GetString()!).ToList();
        return names.Except(stated, StringComparer.Ordinal).Concat(stated.Except(names, StringComparer.Ordinal));
    }

    private static IEnumerable<string> Fields(JsonElement schema) =>
        schema.GetProperty("properties").EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal);

    private static string? Disagreement(SchemaCase one)
    {
        var json = one.Json;
        var reading = EventReader.Read(Encoding.UTF8.GetBytes(json), new EventDefaults("e", Now));
        var reader = reading.Event is not null;
        var schema = (one.Version is "event.v1" ? V1 : V2).IsValid(Parse(json));
        return reader == one.IsValid && schema == one.IsValid
            ? null : $"{one.Version} {one.Field} = {one.Value}: reader {reader}, schema {schema}, expected {one.IsValid}";
    }

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;
}
