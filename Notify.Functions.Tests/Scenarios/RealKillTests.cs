using Notify.Functions.Contract;
using Notify.LocalHost.Tools.EventsFile;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>A host that is killed in the middle of its work, by SIGKILL.</summary>
[Trait("Category", "Slow")]
public sealed class RealKillTests
{
    [SkippableFact]
    public async Task After_a_kill_and_a_restart_everything_is_decided_and_sent_and_nothing_twice_but_what_the_ledger_calls_unknown()
    {
        using var file = new SampleFile();
        await using var world = await RealWorld.StartAsync();
        var messages = new SandboxMessages(world.Sandbox.Http);
        await messages.SlowDownAsync(milliseconds: 150);
        var host = await world.StartHostAsync(shortClaims: true);

        var run = world.RunAsync(file.Path);
        await messages.WaitForAsync(50);
        await host.KillAsync();
        await world.StartHostAsync(port: host.Address.Port, shortClaims: true);
        var summary = await run;

        var expected = await SampleRun.EmbeddedAsync(file.Path);
        Assert.Equal(
            (expected.Lines, expected.Accepted, expected.Duplicates, expected.Rejected.Values.Sum()),
            (summary.Lines, summary.Accepted, summary.Duplicates, summary.Rejected.Values.Sum()));
        foreach (var channel in ContractNames.Channels.Select(channel => channel.Name()))
        {
            // An advertisement whose answer was lost is not sent again: it has failed, for that reason.
            Assert.Equal(Decided(expected, channel), Decided(summary, channel));
        }
        await messages.AssertSentOnceAsync(world.Observer.Services);
    }

    private static IEnumerable<string> Decided(EventsSummary summary, string channel) =>
    [
        $"{channel} batched {summary.Count(channel, "batched")}",
        $"{channel} suppressed {summary.Count(channel, "suppressed")}",
        $"{channel} expired {summary.Count(channel, "expired")}",
        $"{channel} tried {new[] { "sent", "delivered", "bounced", "failed" }.Sum(status => summary.Count(channel, status))}",
    ];
}
