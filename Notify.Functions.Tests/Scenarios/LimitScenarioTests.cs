using System.Globalization;
using System.Net.Http.Json;
using Notify.Bench.World;
using Notify.Functions.Contract;
using Notify.Functions.Tests.Harness;
using Xunit.Abstractions;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>Rate limits of processes of their own on real backends.</summary>
[Trait("Category", "Slow")]
public sealed class LimitScenarioTests(ITestOutputHelper output)
{
    private const string Senders = "SendSms,SendSmsUrgent";
    private const string Away = "Shared rate limits and circuits are away";
    private const string Back = "Shared rate limits and circuits are back";
    private const int Rate = 20;

    // The sandbox tells the time when it gets to a request: on a machine that holds it up, what was sent one by one stands in a heap there.
    // So the window is long, and what one limit lets through in it is told from what two do with room for that. Single seconds are looked
    // at by RateLimitTests.
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private static readonly int OfOne = (int)(1.5 * Rate * Window.TotalSeconds);
    private static readonly Dictionary<string, string> Limited =
        new(StringComparer.Ordinal) { ["Notify__Channels__sms__RateLimit"] = Rate.ToString(CultureInfo.InvariantCulture) };

    [SkippableFact]
    public async Task Two_processes_on_one_redis_hold_one_limit_and_the_urgent_lane_gets_its_share()
    {
        const int Bulk = 500;
        const int Urgent = 40;
        await using var world = await RealWorld.StartAsync();
        var messages = await QueuedAsync(world, Bulk);
        await Bulks.PublishAsync(world, "urgent", Priority.High, Channel.Sms, Urgent);
        await Bulks.DecidedAsync(world, Bulk + Urgent);

        await Task.WhenAll(world.StartHostAsync(functions: Senders, more: Limited),
            world.StartHostAsync(functions: Senders, more: Limited));
        var statuses = await Bulks.FinalAsync(world, Bulk + Urgent);

        Assert.Equal($"sent {Bulk + Urgent}", Bulks.Text(statuses));
        var sent = await messages.ReadAsync();
        Assert.Equal(0, await messages.AssertSentOnceAsync(world.Observer.Services));
        var most = Most(sent);
        var urgent = sent.Index().Where(one => Bulks.IsOf(world, one.Item, "urgent")).Select(one => one.Index).ToList();
        output.WriteLine(
            $"{sent.Count} in {(sent[^1].ReceivedAt - sent[0].ReceivedAt).TotalSeconds:f1} s, at most {most} in {Window}; the urgent ones "
                + $"were numbers {urgent[0]} to {urgent[^1]}");
        Assert.True(most <= OfOne, $"{most} in {Window}.");
        Assert.True(urgent[^1] < sent.Count - (Bulk / 10), $"The last urgent one was number {urgent[^1]}.");
        Assert.True((sent[^1].ReceivedAt - sent[0].ReceivedAt).TotalSeconds > ((double)(Bulk + Urgent) / Rate) - 1);
    }

    [SkippableFact]
    public async Task Without_redis_each_process_holds_the_limit_by_itself_and_afterwards_there_is_one_again()
    {
        const int Bulk = 1200;
        const int Processes = 2;
        await using var world = await RealWorld.StartAsync();
        var messages = await QueuedAsync(world, Bulk);
        var senders = await Task.WhenAll(world.StartHostAsync(functions: Senders, more: Limited),
            world.StartHostAsync(functions: Senders, more: Limited));
        await messages.WaitForAsync(250);

        var before = await messages.ReadAsync();
        await world.Redis.StopAsync();
        await messages.WaitForAsync(before.Count + 400);
        var away = (await messages.ReadAsync()).Skip(before.Count).ToList();
        await world.Redis.StartAsync(CancellationToken.None);
        await Patience.UntilAsync(() => Task.FromResult(senders.All(IsTogetherAgain)), () =>
            string.Join('\n', senders.Select(sender => sender.Output)));
        // Until what is on its way by the local limits has gone.
        await messages.WaitForAsync(await messages.CountAsync() + 100);
        var since = await messages.CountAsync();
        var statuses = await Bulks.FinalAsync(world, Bulk);

        Assert.Equal($"sent {Bulk}", Bulks.Text(statuses));
        Assert.Equal(0, await messages.AssertSentOnceAsync(world.Observer.Services));
        var after = (await messages.ReadAsync()).Skip(since).ToList();
        output.WriteLine(
            $"In {Window} at most {Most(before)}, {Most(away)} of {away.Count} without Redis, {Most(after)} of {after.Count} afterwards");
        Assert.True(senders.All(sender => sender.Output.Contains(Away, StringComparison.Ordinal)), "A sender has not missed Redis.");
        Assert.True(Most(before) <= OfOne && Most(away) <= OfOne * Processes, $"{Most(before)}, {Most(away)}");
        Assert.True(after.Count > 100, $"Only {after.Count} were left.");
        Assert.True(Most(after) <= OfOne, $"{Most(after)} in {Window}.");
    }

    [SkippableFact]
    public async Task A_provider_that_accepts_and_answers_too_late_gets_a_password_reset_again_and_no_marketing()
    {
        await using var world = await RealWorld.StartAsync();
        var messages = new SandboxMessages(world.Sandbox.Http);
        await Bulks.SwitchReportsOffAsync(world);
        using (var late = await world.Sandbox.Http.PutAsJsonAsync(new Uri("sandbox/faults", UriKind.Relative),
            new { provider = "twilio", mode = "acceptThenTimeout", count = 2 }))
        {
            late.EnsureSuccessStatusCode();
        }
        await Bulks.PublishAsync(world, "offer", Priority.Normal, Channel.Sms, 1, EventType.Marketing);
        await Bulks.PublishAsync(world, "reset", Priority.High, Channel.Sms, 1);
        await world.StartHostAsync(shortClaims: true);

        var statuses = await Bulks.FinalAsync(world, 2);

        Assert.Equal("failed 1, sent 1", Bulks.Text(statuses));
        var sent = await messages.ReadAsync();
        Assert.Equal((1, 2), (sent.Count(message => Bulks.IsOf(world, message, "offer")),
            sent.Count(message => Bulks.IsOf(world, message, "reset"))));
        await foreach (var (decision, attempts) in Bulks.LedgerAsync(world))
        {
            Assert.NotNull(attempts[0].UnknownAt);
            Assert.Equal(decision.Id.EventHash == Bulks.HashOf(world, "reset") ? 2 : 1, attempts.Count);
        }
    }

    // The lanes are full before a sender is there.
    private static async Task<SandboxMessages> QueuedAsync(RealWorld world, int bulk)
    {
        await Bulks.SwitchReportsOffAsync(world);
        var dispatcher = await world.StartHostAsync(functions: "Dispatch,DispatchUrgent");
        await Bulks.PublishAsync(world, "bulk", Priority.Normal, Channel.Sms, bulk);
        await Bulks.DecidedAsync(world, bulk);
        Assert.False(dispatcher.HasExited);
        return new SandboxMessages(world.Sandbox.Http);
    }

    // It may have missed it more than once.
    private static bool IsTogetherAgain(HostProcess sender) =>
        sender.Output.LastIndexOf(Back, StringComparison.Ordinal) > sender.Output.LastIndexOf(Away, StringComparison.Ordinal);

    private static int Most(IReadOnlyList<SandboxMessage> sent)
    {
        var times = sent.Select(message => message.ReceivedAt).Order().ToList();
        var most = 0;
        for (int from = 0, to = 0; from < times.Count; from++)
        {
            for (; to < times.Count && times[to] < times[from] + Window; to++)
            {
            }
            most = Math.Max(most, to - from);
        }
        return most;
    }
}
