using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Notify.Functions.Contract;

namespace Notify.Functions.Tests.Contract;

/// <summary>
/// Feeds the examples of <c>docs/events.md</c> and <c>docs/templates.md</c> to the reader, and compares its tables with what the reader
/// does.
/// </summary>
public sealed partial class EventDocsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private static readonly string Page = RepositoryRoot.Read("docs", "events.md");

    private static readonly List<(string Kind, string Text)> Blocks =
        [.. Fence().Matches(Page + RepositoryRoot.Read("docs", "templates.md"))
        .Select(match => (match.Groups[1].Value, match.Groups[2].Value))];

    [Fact]
    public void Every_example_of_an_event_is_read()
    {
        var events = Of("json event").Concat(Of("json event same")).ToList();

        Assert.True(events.Count >= 5);
        Assert.All(events, text => Assert.Empty(Read(text).Faults));
        Assert.Contains(Of("json event"), text => text.Contains("specversion", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_plain_example_holds_by_its_schema() => Assert.All(
        Of("json event").Concat(Of("json event same")).Where(text => !text.Contains("specversion", StringComparison.Ordinal)),
        text => Assert.True(EventSchema.Read(text.Contains("event.v2", StringComparison.Ordinal) ? "event.v2" : "event.v1")
            .IsValid(JsonDocument.Parse(text).RootElement), text));

    [Fact]
    public void Every_example_of_a_record_is_read()
    {
        var records = Of("json record").Select(text => JsonDocument.Parse(text).RootElement).ToList();

        Assert.NotEmpty(records);
        foreach (var record in records)
        {
            var headers = EventV2ReaderTests.Headers(
                [.. record.GetProperty("headers").EnumerateObject().Select(header => (header.Name, header.Value.GetString()!))]);
            var reading = Read(record.GetProperty("value").GetRawText(), headers);
            Assert.Empty(reading.Faults);
            Assert.Equal("https://shop.example.com/orders 17", reading.Event!.DeduplicationKey);
        }
    }

    [Fact]
    public void What_is_said_to_be_the_same_event_is()
    {
        var same = Of("json event same").Select(text => Compact(EventWriter.Write(Read(text).Event!))).ToList();

        Assert.Equal(2, same.Count);
        Assert.Equal(same[0], same[1]);
    }

    [Fact]
    public void What_is_refused_has_the_faults_that_follow_it()
    {
        var refused = Blocks.Zip(Blocks.Skip(1)).Where(pair => pair.First.Kind is "json refused").ToList();

        Assert.True(refused.Count >= 2);
        Assert.All(refused, pair => Assert.Equal(
            pair.Second.Text.TrimEnd().Split('\n'), Read(pair.First.Text).Faults.Select(fault => $"{fault.Field} {fault.Code}")));
    }

    [Fact]
    public void The_table_of_limits_has_every_limit()
    {
        var stated = Limit().Matches(Page)
            .Select(match => int.Parse(match.Groups[1].Value.Replace(",", string.Empty, StringComparison.Ordinal),
                CultureInfo.InvariantCulture));
        var real = typeof(EventLimits).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(limit => (int)limit.GetRawConstantValue()!);

        Assert.Equal(real.Order(), stated.Order());
    }

    [Fact]
    public void The_table_of_codes_has_every_code_that_occurs_and_no_other()
    {
        var random = new EventMutations(seed: 7);
        var occurring = Enumerable.Range(0, 3_000).Select(_ => random.Next())
            .SelectMany(one => EventReader.Read(one.Value, new EventDefaults("e", Now), one.Headers).Faults)
            .Concat(SchemaCase.All().SelectMany(one => Read(one.Json).Faults))
            .Concat(Read(new string(' ', EventLimits.EventBytes + 1)).Faults)
            .Select(fault => fault.Code).Distinct(StringComparer.Ordinal);

        Assert.Equal(Code().Matches(Page).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal),
            occurring.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_tables_of_fields_have_every_field()
    {
        var stated = FieldRow().Matches(Page).SelectMany(match => Quoted().Matches(match.Groups[1].Value))
            .Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(EventV2Reader.Known.Except(stated, StringComparer.Ordinal));
        Assert.Empty(CloudEventAttributes.Names.Except([.. stated, "specversion"], StringComparer.Ordinal));
    }

    private static IEnumerable<string> Of(string kind) => Blocks.Where(block => block.Kind == kind).Select(block => block.Text);

    private static string Compact(byte[] json) => JsonSerializer.Serialize(JsonDocument.Parse(json).RootElement);

    private static EventReading Read(string json, EventHeaders? headers = null) =>
        EventReader.Read(Encoding.UTF8.GetBytes(json), new EventDefaults(Id: null, Now), headers);

    [GeneratedRegex("^```([a-z0-9. ]+)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("^\\|[^|]*\\| ([0-9][0-9,]*) \\|$", RegexOptions.Multiline)]
    private static partial Regex Limit();

    [GeneratedRegex("^\\| `([a-z_]+)` \\| [^|]* \\|$", RegexOptions.Multiline)]
    private static partial Regex Code();

    [GeneratedRegex("^\\| (`[^|]*) \\|[^|]*\\|[^|]*\\|$", RegexOptions.Multiline)]
    private static partial Regex FieldRow();

    [GeneratedRegex("`([A-Za-z0-9_]+)`")]
    private static partial Regex Quoted();
}
