using System.Text;
using Notify.Functions.Contract;
using static Notify.Functions.Tests.Contract.CloudEventSamples;

namespace Notify.Functions.Tests.Contract;

public sealed class CloudEventReaderTests
{
    private const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Stated = new(2026, 1, 31, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Fills_in_from_the_attributes_what_the_data_leave_out()
    {
        var read = Read(Structured(V1Data, ("time", "2026-01-31T10:30:00+01:00"), ("traceparent", Trace), ("extension", "x"))).Event!;

        Assert.Equal(("17@" + Hash("/orders"), Stated, Trace, "/orders 17"),
            (read.Id, read.CreatedAt, read.TraceParent, read.DeduplicationKey));
        Assert.Equal(["u"], read.Recipients);
    }

    [Theory]
    [InlineData("2026-11-29t11:00:00z", "2026-11-29T11:00:00.000Z")]
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z")]
    [InlineData("2026-11-29T11:00:00.123456789+14:30", "2026-11-28T20:30:00.123Z")]
    public void Takes_every_time_of_RFC_3339(string time, string createdAt)
    {
        Assert.Equal(createdAt, EventWriter.Format(Read(Structured(V1Data, ("time", time))).Event!.CreatedAt));
        Assert.Equal(createdAt, EventWriter.Format(Read(V1Data, Binary(("ce_time", time))).Event!.CreatedAt));
    }

    /// <summary>The examples of RFC 3986, section 1.1.2, relative references, and what the specification of CloudEvents shows.</summary>
    [Theory]
    [InlineData("ftp://ftp.is.co.za/rfc/rfc1808.txt")]
    [InlineData("http://www.ietf.org/rfc/rfc2396.txt")]
    [InlineData("ldap://[2001:db8::7]/c=GB?objectClass?one")]
    [InlineData("mailto:John.Doe@example.com")]
    [InlineData("news:comp.infosystems.www.servers.unix")]
    [InlineData("tel:+1-816-555-1212")]
    [InlineData("telnet://192.0.2.16:80/")]
    [InlineData("urn:oasis:names:specification:docbook:dtd:xml:4.1.2")]
    [InlineData("https://github.com/cloudevents")]
    [InlineData("/cloudevents/spec/pull/123")]
    [InlineData("/sensors/tn-1234567/alerts")]
    [InlineData("1-555-123-4567")]
    [InlineData("//example.com")]
    [InlineData("?q=a/b%20c#top")]
    public void Takes_every_source_that_is_a_URI_reference(string source) =>
        Assert.NotNull(Read(Structured(V1Data, ("source", source))).Event);

    [Fact]
    public void Reads_the_same_event_from_every_mode()
    {
        var structured = Read(Structured(V2Data, ("time", "2026-01-31T09:30:00Z"),
            ("dataschema", "https://example.com/event.v2.json"))).Event!;
        var encoded = Read(Structured(V2Data, ("time", "2026-01-31T09:30:00Z"),
            ("dataschema", "https://example.com/event.v2.json")).Replace(
            $"\"data\":{V2Data}", $"\"data_base64\":\"{Convert.ToBase64String(Encoding.UTF8.GetBytes(V2Data))}\"",
            StringComparison.Ordinal)).Event!;
        var binary = Read(V2Data, Binary(("ce_time", "2026-01-31T09:30:00Z"),
            ("ce_dataschema", "https://example.com/event.v2.json"))).Event!;

        Assert.Equal(EventWriter.Write(structured), EventWriter.Write(encoded));
        Assert.Equal(EventWriter.Write(structured), EventWriter.Write(binary));
    }

    [Fact]
    public void Leaves_what_the_data_state_as_it_is()
    {
        var data = V1Data[..^1]
            + $$""","id":"mine","createdAt":"2026-02-01T00:00:00Z","deduplicationKey":"key","traceparent":"{{Trace}}"}""";
        var read = Read(Structured(data, ("time", "2026-01-31T09:30:00Z"),
            ("traceparent", Trace.Replace("-01", "-00", StringComparison.Ordinal)))).Event!;

        Assert.Equal(("mine", "key", Trace, Stated.AddHours(14.5)), (read.Id, read.DeduplicationKey, read.TraceParent, read.CreatedAt));
    }

    [Fact]
    public void Keeps_two_sources_with_one_id_apart()
    {
        var ids = new[] { ("/orders", "17"), ("/refunds", "17"), ("/orders", "18"), ("/orders", "id with blanks"),
            ("/orders", new string('x', 112)), ("/orders", new string('x', 111)), ("/orders/", "17") }
            .Select(one => Read(Structured(V1Data, ("source", one.Item1), ("id", one.Item2))).Event!).ToList();

        Assert.Equal(ids.Count, ids.Select(one => one.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(ids.Count, ids.Select(one => one.DeduplicationKey).Distinct(StringComparer.Ordinal).Count());
        Assert.All(ids, one => Assert.True(AddressSyntax.IsId(one.Id)));
        Assert.Equal(ids[0].Id, Read(Structured(V1Data, ("source", "/orders"), ("id", "17"))).Event!.Id);
    }

    [Fact]
    public void Prefers_the_caller_s_key_and_keeps_a_key_within_its_length()
    {
        Assert.Equal("header", Read(Structured(V1Data), defaults: new EventDefaults("made-up", Now, "header")).Event!.DeduplicationKey);
        Assert.Equal("17@" + Hash("/orders"), Read(Structured(V1Data), defaults: new EventDefaults("made-up", Now)).Event!.Id);
        Assert.InRange(Read(Structured(V1Data, ("id", new string('x', 1024)))).Event!.DeduplicationKey!.Length, 1,
            EventLimits.DeduplicationKeyLength);
    }

    [Fact]
    public void Finds_the_version_where_it_is_stated_and_refuses_contradictions()
    {
        Assert.NotNull(Read(Structured(V2Data, ("type", "com.example.event.v2"), ("time", "2026-01-31T09:30:00Z"))).Event);
        Assert.NotNull(Read(Structured(V1Data, ("type", "com.example.order.event.v2"),
            ("dataschema", "urn:notify:schema:event.v1"))).Event);
        Assert.NotNull(Read(Structured(V1Data, ("dataschema", "https://example.com/orders.json"))).Event);
        Assert.Equal(
            ["data.schemaVersion conflict"],
            Faults(Read(Structured(V1Data[..^1] + ""","schemaVersion":"event.v1"}""", ("dataschema", "event.v2")))));
        Assert.Equal(["data.schemaVersion conflict"],
            Faults(Read(V2Data, Binary(("schemaVersion", "event.v1"), ("ce_dataschema", "event.v2")))));
    }

    [Fact]
    public void Allows_the_data_the_depth_that_a_plain_event_has()
    {
        static string Deep(int levels) =>
            V1Data.Replace("\"message\":\"m\"", $"\"message\":\"m\",\"deep\":{new string('[', levels)}{new string(']', levels)}",
                StringComparison.Ordinal);

        Assert.NotNull(Read(Deep(32), defaults: new EventDefaults("e", Now)).Event);
        Assert.NotNull(Read(Structured(Deep(32))).Event);
        Assert.NotNull(Read(Deep(32), Binary()).Event);
        Assert.Equal(["$ not_json"], Faults(Read(Deep(33))));
        Assert.Equal(["$ not_json"], Faults(Read(Structured(Deep(33)))));
        Assert.Equal(["data not_json"], Faults(Read(Deep(33), Binary())));
        Assert.Equal(["$ not_json"], Faults(
            Read(Deep(33).Replace("\"message\":\"m\"", "\"message\":\"m\",\"specversion\":\"1.0\"", StringComparison.Ordinal))));
    }

    private static string Hash(string source) => CloudEventIdentity.EventId(source, "x")[2..];
}
