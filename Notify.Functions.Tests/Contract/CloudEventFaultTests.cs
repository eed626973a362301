using Notify.Functions.Contract;
using static Notify.Functions.Tests.Contract.CloudEventSamples;

namespace Notify.Functions.Tests.Contract;

public sealed class CloudEventFaultTests
{
    [Theory]
    [InlineData("specversion", null, "specversion missing")]
    [InlineData("specversion", "0.3", "specversion unsupported")]
    [InlineData("id", null, "id missing")]
    [InlineData("id", "", "id invalid")]
    [InlineData("source", null, "source missing")]
    [InlineData("source", "a b", "source invalid")]
    [InlineData("source", "/bücher", "source invalid")]
    [InlineData("source", "/a%2", "source invalid")]
    [InlineData("source", "1st:orders", "source invalid")]
    [InlineData("source", "/a#b#c", "source invalid")]
    [InlineData("dataschema", "<schema>", "dataschema invalid")]
    [InlineData("id", "x\uFFFE", "id invalid")]
    [InlineData("datacontenttype", "a b/json", "datacontenttype unsupported")]
    [InlineData("time", "12:00", "time invalid")]
    [InlineData("time", "2026-11-29T23:59:60Z", "time invalid")]
    [InlineData("type", null, "type missing")]
    [InlineData("time", "yesterday", "time invalid")]
    [InlineData("time", "2026-01-31T09:30:00", "time invalid")]
    [InlineData("traceparent", "x", "traceparent invalid")]
    [InlineData("datacontenttype", "application/xml", "datacontenttype unsupported")]
    [InlineData("dataschema", "https://example.com/event.v9.json", "dataschema unknown")]
    public void Lists_faults_by_the_attribute_s_name(string name, string? value, string expected)
    {
        var type = name is "specversion" ? "application/cloudevents+json" : "application/json";

        Assert.Equal([expected], Faults(Read(Structured(V1Data, (name, value)), EventV2ReaderTests.Headers(("content-type", type)))));
        if (name is not "datacontenttype")
        {
            Assert.Equal([expected], Faults(Read(V1Data, Binary(("ce_" + name, value)))));
        }
    }

    [Fact]
    public void Lists_the_data_s_faults_beside_those_of_the_attributes() => Assert.Equal(
        ["source missing", "data.type unknown", "data.recipients[0] invalid", "data.createdAt missing"],
        Faults(Read(Structured(V2Data.Replace("alert", "news", StringComparison.Ordinal)
            .Replace("{\"user\":\"u\"}", "7", StringComparison.Ordinal), ("source", null), ("type", "com.example.event.v2")))));

    [Theory]
    [InlineData("\"data\":7", "data invalid")]
    [InlineData("\"data\":null", "data missing")]
    [InlineData("\"other\":7", "data missing")]
    [InlineData("\"data_base64\":7", "data_base64 invalid")]
    [InlineData("\"data_base64\":\"*\"", "data_base64 invalid")]
    [InlineData("\"data_base64\":\"e30=\",\"data\":{}", "data_base64 conflict")]
    [InlineData("\"data_base64\":\"e30\"", "data_base64 invalid")]
    [InlineData("\"data_base64\":\"eyJh\"", "data not_json")]
    public void Refuses_data_that_are_no_object(string data, string expected) =>
        Assert.Equal(expected, Faults(Read(Structured(V1Data).Replace($"\"data\":{V1Data}", data, StringComparison.Ordinal)))[0]);

    [Theory]
    [InlineData("application/cloudevents-batch+json")]
    [InlineData("application/cloudevents+avro")]
    public void Refuses_other_forms_of_cloud_events(string type) =>
        Assert.Equal(["content-type unsupported"], Faults(Read(Structured(V1Data), EventV2ReaderTests.Headers(("Content-Type", type)))));

    [Fact]
    public void Never_quotes_an_attribute_in_a_fault()
    {
        const string Secret = "very-secret@example.com";
        var faults = CloudEventAttributes.Names.SelectMany(name => Read(Structured(V1Data, (name, Secret + "\n"))).Faults)
            .Concat(Read(Structured(V1Data, ("dataschema", Secret + "/event.v9"))).Faults).ToList();

        Assert.True(faults.Count >= CloudEventAttributes.Names.Count, $"{faults.Count} faults");
        Assert.DoesNotContain(faults, fault => fault.ToString().Contains("secret", StringComparison.Ordinal));
    }
}
