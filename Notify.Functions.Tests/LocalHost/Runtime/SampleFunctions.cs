using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Notify.Functions.Tests.LocalHost.Runtime;

/// <summary>Functions with every trigger, as an app would write them.</summary>
internal sealed class SampleFunctions(Probe probe)
{
    [Function("Records")]
    public Task Records(
        [KafkaTrigger("%Sample:Brokers%", "%Sample:Topic%", ConsumerGroup = "%Sample:Group%", IsBatched = true)] KafkaRecord[] records,
        CancellationToken cancellationToken) => probe.RunAsync(records, cancellationToken);

    [Function("PatientRecords")]
    [ExponentialBackoffRetry(-1, "00:00:01", "00:00:04")]
    public Task PatientRecords(
        [KafkaTrigger("%Sample:Brokers%", "%Sample:Topic%", ConsumerGroup = "%Sample:Group%", IsBatched = true)] KafkaRecord[] records,
        CancellationToken cancellationToken) => probe.RunAsync(records, cancellationToken);

    [Function("Text")]
    public Task Text([QueueTrigger("sample-text")] string message, CancellationToken cancellationToken) =>
        probe.RunAsync(message, cancellationToken);

    [Function("Binary")]
    public Task Binary([QueueTrigger("sample-binary")] BinaryData message) => probe.RunAsync(message, CancellationToken.None);

    [Function("Bytes")]
    public Task Bytes([QueueTrigger("sample-bytes")] byte[] message) => probe.RunAsync(message, CancellationToken.None);

    [Function("Poison")]
    public Task Poison([QueueTrigger("sample-text-poison")] string message) => probe.RunAsync(message, CancellationToken.None);

    [Function("Tick")]
    public Task Tick([TimerTrigger("0 */5 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        probe.RunAsync(timer, cancellationToken);

    [Function("TickAtStart")]
    [FixedDelayRetry(2, "00:00:10")]
    public Task TickAtStart([TimerTrigger("0 0 * * * *", RunOnStartup = true)] TimerInfo timer) =>
        probe.RunAsync(timer, CancellationToken.None);

    [Function("Hello")]
    public async Task<IResult> Hello(
        [HttpTrigger(AuthorizationLevel.Function, "get", "post", Route = "hello/{name}/{more?}")] HttpRequest request,
        string name,
        string? more,
        CancellationToken cancellationToken)
    {
        await probe.RunAsync(request, cancellationToken);
        return Results.Json(new { name, more, method = request.Method, query = request.Query["q"].ToString() });
    }

    [Function("Open")]
    public static Task<IResult> Open([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) =>
        Task.FromResult(Results.Text($"open {request.Method}"));
}
