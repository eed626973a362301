using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Notify.Bench.World;
using Notify.Functions.Contract;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>
/// Two processes that share the work, and a collector: every notification is one trace, from its producer to its provider's reports.
/// </summary>
[Trait("Category", "Slow")]
public sealed class TraceScenarioTests
{
    private const string ProducersTrace = "0af7651916cd43dd8448eb211c80319c";
    private const string ProducersSpan = "b7ad6b7169203331";
    private const string TraceParent = $"00-{ProducersTrace}-{ProducersSpan}-01";

    [SkippableFact]
    public async Task Every_notification_is_one_trace_through_both_processes()
    {
        await using var world = await RealWorld.StartAsync();
        await using var collector = await OtlpReceiver.StartAsync();
        var senders = await world.StartHostAsync(functions: "SendEmail,SendEmailUrgent,SendSms,SendSmsUrgent,ReceiveWebhook",
            more: collector.SettingsOf("senders"));
        // It starts last, so the sandbox reports to it what carries no address of its own.
        var front = await world.StartHostAsync(functions: "Notify,Dispatch,DispatchUrgent,GetNotification,ReceiveWebhook",
            more: collector.SettingsOf("front"));

        var traces = new Dictionary<string, (string TraceId, bool IsPosted)>(StringComparer.Ordinal);
        using var posted = await PostAsync(front, "posted", traceParent: null);
        using var continued = await PostAsync(front, "continued", TraceParent);
        await world.PublishAsync(TestEvents.Alert("produced") with
        {
            Priority = Priority.Normal,
            Type = EventType.Transactional,
            Recipients = ["mailto:produced@example.com"],
            Channels = [Channel.Email],
            TraceParent = TraceParent.Replace("0af7", "1af7", StringComparison.Ordinal)
        });
        await world.PublishAsync(TestEvents.Alert("plain") with
        {
            Priority = Priority.Normal,
            Type = EventType.Transactional,
            Recipients = ["tel:+12025550143"],
            Channels = [Channel.Sms]
        });
        foreach (var answer in (HttpResponseMessage[])[posted, continued])
        {
            await Posted.AssertDeliveredAsync(1, front.Http, answer);
        }
        // Four notifications; a provider reports more than one fact.
        var spans = await CollectedAsync(collector, all => all.Count(span => span.Name == "send") >= 4
            && all.Where(span => span.Name == "report").Select(span => span.TraceId).Distinct(StringComparer.Ordinal).Count() >= 4);

        // A batch that is dispatched again, as storage was slow, begins another trace for what has brought none, which ends there.
        var byTrace = spans.GroupBy(span => span.TraceId, StringComparer.Ordinal).Where(trace => trace.Any(span => span.Name != "dispatch"))
            .ToDictionary(trace => trace.Key, trace => trace.ToList(), StringComparer.Ordinal);
        Assert.True(byTrace.Count == 4, JsonSerializer.Serialize(spans));
        Assert.Equal(ProducersSpan, Assert.Single(byTrace[ProducersTrace], span => span.Name == "publish").ParentId);
        // Once, or again where storage was slow.
        Assert.All(byTrace["1" + ProducersTrace[1..]].Where(span => span.Name == "dispatch"), span =>
            Assert.Equal(ProducersSpan, span.ParentId));
        Assert.Equal(2, byTrace.Values.Count(trace => trace.Exists(span => span.Name == "publish")));
        foreach (var trace in byTrace.Values)
        {
            var send = Assert.Single(trace, span => span.Name == "send");
            // What is urgent is dispatched by the intake and once more, to no effect, when the topic brings it.
            var dispatches = trace.FindAll(span => span.Name == "dispatch");
            var dispatch = Assert.Single(dispatches, span => span.SpanId == send.ParentId);
            Assert.Equal(("front", "senders"), (dispatch.Service, send.Service));
            Assert.All(trace.Where(span => span.Name == "report"), report => Assert.Equal(send.SpanId, report.ParentId));
            if (trace.Find(span => span.Name == "publish") is { } publish)
            {
                Assert.All(dispatches, one => Assert.Equal(publish.SpanId, one.ParentId));
            }
        }
        Assert.Contains(spans, span => span is { Name: "report", Service: "front" });
        Assert.All(spans.SelectMany(span => span.Attributes.Values), value => Assert.DoesNotMatch("@|\\+1202|example", value));
    }

    private static async Task<HttpResponseMessage> PostAsync(HostProcess host, string name, string? traceParent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("api/notify", UriKind.Relative))
        {
            Content = JsonContent.Create(new
            {
                type = "transactional",
                priority = "critical",
                recipients = new[] { $"mailto:{name}@example.com" },
                channels = new[] { "email" },
                payload = new { message = "Example" }
            }),
        };
        if (traceParent is not null)
        {
            request.Headers.Add("traceparent", traceParent);
        }
        var answer = await host.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return answer;
    }

    private static async Task<List<OtlpReceiver.Span>> CollectedAsync(
        OtlpReceiver collector, Func<IReadOnlyList<OtlpReceiver.Span>, bool> isThere) =>
        [.. await Patience.UntilAsync(() => Task.FromResult(collector.Spans), isThere, spans => JsonSerializer.Serialize(spans))];
}
