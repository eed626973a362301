using System.Text.Json;
using Notify.Functions.Tests.Scenarios;

namespace Notify.Functions.Tests.Backends;

/// <summary>A backend that is away for ten seconds in the middle of a run of a thousand events.</summary>
[Trait("Category", "Slow")]
public sealed class RealOutageTests
{
    private const int Events = 1000;
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [SkippableTheory]
    [InlineData("Redis")]
    [InlineData("Storage")]
    [InlineData("Kafka")]
    public async Task Every_event_comes_out_once(string away)
    {
        await using var backends = await RealBackendsOfOneTest.StartAsync();
        await using var proxy = TcpProxy.BeforeKafka(backends.Kafka.Address);
        backends.KafkaAddress = proxy.Address;
        await using var host = await AppHost.StartAsync(backends.Use);
        using var patience = new CancellationTokenSource(Patience);

        await Kcat.ProduceAsync(backends.Kafka.Address, "notifications.incoming", Enumerable.Range(0, Events / 2).Select(Event));
        await UntilSentAsync(host, 20, patience.Token);
        await LeaveAsync(backends, proxy, away);
        await Kcat.ProduceAsync(backends.Kafka.Address, "notifications.incoming", Enumerable.Range(Events / 2, Events / 2).Select(Event));
        var before = await SentAsync(host, patience.Token);
        await Task.Delay(Outage, patience.Token);
        Assert.True(before < Events, "It was over before the outage.");
        await ComeBackAsync(backends, proxy, away);

        await UntilSentAsync(host, Events, patience.Token);
        for (var n = 0; n < Events; n++)
        {
            var delivery = Assert.Single(AppHost.Deliveries(await host.WaitForAsync($"/api/notifications/outage-{n}", IsDecided)));
            Assert.Equal(1, delivery.GetProperty("attempts").GetInt32());
        }
        Assert.Equal(Events, await SentAsync(host, patience.Token));
    }

    private static string Event(int n) =>
        $$"""{"id":"outage-{{n}}","type":"transactional","priority":"normal","recipients":["user_{{(n % 5) + 1}}"],"channels":["{{(n % 5 < 2 ? "sms" : n % 5 < 4 ? "email" : "push")}}"],"payload":{"message":"Number {{n}}" } }""";

    private static bool IsDecided(JsonElement view) =>
        AppHost.Deliveries(view) is [var only] && only.GetProperty("status").GetString() is "sent" or "delivered";

    private static Task LeaveAsync(RealBackendsOfOneTest backends, TcpProxy proxy, string which)
    {
        switch (which)
        {
            case "Redis":
                return backends.Redis.StopAsync();
            case "Storage":
                return backends.Storage.StopAsync();
            default:
                proxy.Cut();
                return Task.CompletedTask;
        }
    }

    private static Task ComeBackAsync(RealBackendsOfOneTest backends, TcpProxy proxy, string which)
    {
        switch (which)
        {
            case "Redis":
                return backends.Redis.StartAsync(CancellationToken.None);
            case "Storage":
                return backends.Storage.StartAsync(CancellationToken.None);
            default:
                proxy.Restore();
                return Task.CompletedTask;
        }
    }

    private static async Task UntilSentAsync(AppHost host, int count, CancellationToken cancellationToken)
    {
        while (await SentAsync(host, cancellationToken) < count)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }
    }

    /// <summary>How many messages the sandbox's providers have accepted, repetitions included.</summary>
    private static async Task<int> SentAsync(AppHost host, CancellationToken cancellationToken)
    {
        using var answer = await host.Http.GetAsync("/sandbox/messages?limit=1", cancellationToken);
        return int.Parse(answer.Headers.GetValues("X-Total-Count").Single());
    }
}
