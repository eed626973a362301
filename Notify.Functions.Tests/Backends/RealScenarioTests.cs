using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Notify.Functions.Storage;
using Notify.Functions.Tests.Scenarios;
using Notify.LocalHost.EventsFile;
using Notify.LocalHost.Sandbox.Reports;

namespace Notify.Functions.Tests.Backends;

/// <summary>The whole way on a real Kafka broker, a real Redis and Azurite.</summary>
[Trait("Category", "Slow")]
public sealed class RealScenarioTests
{
    private const string Urgent = """{"type":"alert","priority":"critical","recipients":["user_1"],"channels":["push"],"payload":{"message":"Test"}}""";

    [SkippableFact]
    public async Task A_thousand_events_give_the_same_numbers_as_on_embedded_backends()
    {
        await using var backends = await RealBackendsOfOneTest.StartAsync();
        await using var host = await AppHost.StartAsync(backends.Use);
        var run = host.App.Services.GetRequiredService<EventsRun>();
        run.PendingReports = _ => Task.FromResult(host.App.Services.GetRequiredService<ReportCounts>().Pending);

        var summary = await run.RunAsync(Path.Combine(SampleExpectations.Folder, "events.jsonl"), TextWriter.Null, CancellationToken.None);

        Assert.IsType<AzureTables>(host.App.Services.GetRequiredService<ITables>());
        SampleExpectations.Read().Hold(summary);
    }

    [SkippableFact]
    public async Task Events_of_a_client_that_is_not_ours_go_all_the_way()
    {
        await using var backends = await RealBackendsOfOneTest.StartAsync();
        await using var host = await AppHost.StartAsync(backends.Use);

        await Kcat.ProduceAsync(backends.KafkaAddress, "notifications.incoming", Enumerable.Range(0, 20).Select(n =>
            $$"""{"id":"kcat-{{n}}","type":"transactional","priority":"normal","recipients":["user_{{(n % 5) + 1}}"],"channels":["email"],"payload":{"message":"Number {{n}}" } }"""));

        for (var n = 0; n < 20; n++)
        {
            var view = await host.WaitForStatusAsync($"kcat-{n}", "delivered");
            Assert.Equal("notifications.incoming", view.GetProperty("source").GetProperty("topic").GetString());
        }
        Assert.Equal(20, (await host.GetAsync("/sandbox/messages?channel=email&limit=100")).GetArrayLength());
    }

    [SkippableFact]
    public async Task Notify_answers_503_while_the_broker_is_cut_off_and_accepts_again_afterwards()
    {
        await using var backends = await RealBackendsOfOneTest.StartAsync();
        await using var proxy = TcpProxy.BeforeKafka(backends.Kafka.Address);
        backends.KafkaAddress = proxy.Address;
        await using var host = await AppHost.StartAsync(backends.Use);
        await host.WaitForStatusAsync(await host.NotifyAsync(Urgent), "sent");

        proxy.Cut();
        using var refused = await host.PostAsync("/api/notify", Urgent);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        proxy.Restore();

        using var accepted = await AcceptedAsync(host);
        var id = (await JsonDocument.ParseAsync(await accepted.Content.ReadAsStreamAsync())).RootElement.GetProperty("id").GetString()!;
        await host.WaitForStatusAsync(id, "sent");
    }

    private static async Task<HttpResponseMessage> AcceptedAsync(AppHost host)
    {
        for (var tries = 0; ; tries++)
        {
            var answer = await host.PostAsync("/api/notify", Urgent);
            if (answer.StatusCode == HttpStatusCode.Accepted)
            {
                return answer;
            }
            answer.Dispose();
            Assert.True(tries < 10, "The broker is there again, and still not used.");
        }
    }
}
