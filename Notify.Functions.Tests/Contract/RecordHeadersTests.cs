using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Dispatch;
using Notify.Functions.Functions.Http;
using Notify.Functions.Functions.Kafka;
using Notify.Functions.Intake;
using Notify.Functions.Ledger;
using Notify.Functions.Templates;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Contract;

/// <summary>Headers on their way from the trigger and the request to the reader.</summary>
public sealed class RecordHeadersTests : IDisposable
{
    private const string Data = """
        {"id":"e","type":"alert","priority":"low","recipients":[{"user":"u"}],"channels":["email"],"content":{"message":"m"},"createdAt":"2026-01-31T09:30:00Z"}
        """;

    private readonly NotifyHarness _notify = new();

    public void Dispose() => _notify.Dispose();

    [Fact]
    public async Task A_record_s_headers_name_the_version()
    {
        await DispatchAsync(Record(1, ("schemaVersion", "event.v2")), Record(2));

        Assert.Equal("e", (await _notify.ReadAsync("e")).Id);
        Assert.Equal("2 unknown", await SetAsideAsync());
    }

    [Fact]
    public async Task A_cloud_event_in_binary_mode_is_one()
    {
        await DispatchAsync(Record(1, ("ce_specversion", "1.0"), ("ce_id", "17"), ("ce_source", "/orders"),
            ("ce_type", "com.example.event.v2")), Record(2, ("ce_specversion", "0.3")));

        Assert.Equal("e", (await _notify.ReadAsync("e")).Id);
        Assert.Equal("2 unsupported", await SetAsideAsync());
    }

    [Theory]
    [InlineData("application/cloudevents+json", StatusCodes.Status400BadRequest)]
    [InlineData("application/cloudevents+json; charset=utf-8", StatusCodes.Status400BadRequest)]
    [InlineData("application/json", StatusCodes.Status202Accepted)]
    [InlineData("application/cloudevents-batch+json", StatusCodes.Status415UnsupportedMediaType)]
    public async Task The_request_s_content_type_decides(string contentType, int status)
    {
        var request = Request(Data.Replace("{\"id\"", "{\"schemaVersion\":\"event.v2\",\"id\"", StringComparison.Ordinal), contentType);

        Assert.Equal(status, await PostAsync(request));
    }

    [Fact]
    public async Task A_request_may_be_a_cloud_event_in_either_mode()
    {
        var structured = Request($$"""{"specversion":"1.0","id":"18","source":"/orders","type":"event.v2","data":{{Data}}}""",
            "application/cloudevents+json");
        var binary = Request(Data, "application/json", ("ce-specversion", "1.0"), ("ce-id", "19%20b"), ("ce-source", "/orders"),
            ("ce-type", "event.v2"));

        Assert.Equal(StatusCodes.Status202Accepted, await PostAsync(structured));
        Assert.Equal(StatusCodes.Status202Accepted, await PostAsync(binary));
        Assert.Equal(StatusCodes.Status400BadRequest, await PostAsync(Request(Data, "application/json", ("ce-specversion", "1.0"))));
    }

    private static KafkaRecord Record(long offset, params (string Name, string Value)[] headers) => new()
    {
        Topic = "notifications.incoming",
        Offset = offset,
        Value = Encoding.UTF8.GetBytes(Data),
        Timestamp = new KafkaTimestamp { UnixTimestampMs = 1_772_000_000_000 },
        Headers = [.. headers.Select(header => new KafkaHeader { Key = header.Name, Value = Encoding.UTF8.GetBytes(header.Value) })],
    };

    private static HttpRequest Request(string body, string contentType, params (string Name, string Value)[] headers)
    {
        var request = new DefaultHttpContext().Request;
        request.ContentType = contentType;
        request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        foreach (var (name, value) in headers)
        {
            request.Headers[name] = value;
        }
        return request;
    }

    private Task DispatchAsync(params KafkaRecord[] records) =>
        new DispatchFunctions(_notify.Get<EventDispatcher>(), _notify.Clock).Dispatch(records, CancellationToken.None);

    private async Task<string> SetAsideAsync()
    {
        var (position, cause) = Assert.Single(await _notify.Get<RejectedRecords>().ReadCausesAsync(CancellationToken.None));
        return $"{position.Offset} {cause}";
    }

    private async Task<int?> PostAsync(HttpRequest request) =>
        (await new NotifyFunction(_notify.Get<EventIntake>(), _notify.Get<TemplateRenderer>(), _notify.Clock).Notify(request,
            CancellationToken.None) as IStatusCodeHttpResult)?.StatusCode;
}
