using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Notify.Bench.World;
using Notify.Functions.Events;
using Xunit.Abstractions;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>Rate limits of processes of their own on real backends.</summary>
[Trait("Category", "Slow")]
[Collection("Hosts in processes of their own")]
public sealed class LimitScenarioTests(ITestOutputHelper output)
{
    private const string Senders = "SendSms,SendSmsUrgent";
    private const int Rate = 20;
    private static readonly Dictionary<string, string> Limited = new(StringComparer.Ordinal) { ["Notify__Channels__sms__RateLimit"] = Rate.ToString(CultureInfo.InvariantCulture) };

    [SkippableFact]
    public async Task Two_processes_on_one_redis_hold_one_limit_and_the_urgent_lane_gets_its_share()
    {
        const int Bulk = 500;
        const int Urgent = 40;
        await using var world = await RealWorld.StartAsync();
        var messages = await QueuedAsync(world, Bulk);
        await Task.WhenAll(world.StartHostAsync(functions: Senders, more: Limited), world.StartHostAsync(functions: Senders, more: Limited));
        await using var stalls = new Stalls();
        await messages.WaitForAsync(Bulk / 5);

        await Bulks.PublishAsync(world, "urgent", Priority.High, Channel.Sms, Urgent);
        var statuses = await Bulks.FinalAsync(world, Bulk + Urgent);

        Assert.Equal($"sent {Bulk + Urgent}", Bulks.Text(statuses));
        var sent = await messages.ReadAsync();
        Assert.Equal(0, await messages.AssertSentOnceAsync(world.Observer.Services));
        var most = Most(sent);
        var urgent = sent.Index().Where(one => Bulks.IsOf(world, one.Item, "urgent")).Select(one => one.Index).ToList();
        output.WriteLine($"{sent.Count} in {(sent[^1].ReceivedAt - sent[0].ReceivedAt).TotalSeconds:f1} s, at most {most} in a second, {stalls.Longest.TotalMilliseconds:f0} ms the machine's longest stall; the urgent ones were numbers {urgent[0]} to {urgent[^1]}");
        Assert.True(most <= (2 * Rate) + stalls.Worth(Rate), $"{most} in a second, and a stall of {stalls.Longest}.");
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
        await Task.WhenAll(world.StartHostAsync(functions: Senders, more: Limited), world.StartHostAsync(functions: Senders, more: Limited));
        await using var stalls = new Stalls();
        await messages.WaitForAsync(60);

        var before = await messages.ReadAsync();
        await world.Redis.StopAsync();
        await Task.Delay(TimeSpan.FromSeconds(20));
        var away = (await messages.ReadAsync()).Skip(before.Count).ToList();
        await world.Redis.StartAsync(CancellationToken.None);
        // Until what is on its way by the local limits has gone.
        await Task.Delay(TimeSpan.FromSeconds(15));
        var since = await messages.CountAsync();
        var statuses = await Bulks.FinalAsync(world, Bulk);

        Assert.Equal($"sent {Bulk}", Bulks.Text(statuses));
        Assert.Equal(0, await messages.AssertSentOnceAsync(world.Observer.Services));
        var after = (await messages.ReadAsync()).Skip(since).ToList();
        output.WriteLine($"At most {Most(before)} in a second, {Most(away)} of {away.Count} without Redis, {Most(after)} of {after.Count} afterwards");
        Assert.True(away.Count > 100, $"Only {away.Count} went without Redis.");
        Assert.True(Most(before) <= (2 * Rate) + stalls.Worth(Rate) && Most(away) <= ((2 * Rate) + stalls.Worth(Rate)) * Processes, $"{Most(before)}, {Most(away)}");
        Assert.True(after.Count > 100, $"Only {after.Count} were left.");
        Assert.True(Most(after) <= (2 * Rate) + stalls.Worth(Rate), $"{Most(after)} in a second.");
    }

    [SkippableFact]
    public async Task A_provider_that_accepts_and_answers_too_late_gets_a_password_reset_again_and_no_marketing()
    {
        await using var world = await RealWorld.StartAsync();
        var messages = new SandboxMessages(world.Sandbox.Http);
        await Bulks.SwitchReportsOffAsync(world);
        using (var late = await world.Sandbox.Http.PutAsJsonAsync(new Uri("sandbox/faults", UriKind.Relative), new { provider = "twilio", mode = "acceptThenTimeout", count = 2 }))
        {
            late.EnsureSuccessStatusCode();
        }
        await Bulks.PublishAsync(world, "offer", Priority.Normal, Channel.Sms, 1, EventType.Marketing);
        await Bulks.PublishAsync(world, "reset", Priority.High, Channel.Sms, 1);
        await world.StartHostAsync(shortClaims: true);

        var statuses = await Bulks.FinalAsync(world, 2);

        Assert.Equal("failed 1, sent 1", Bulks.Text(statuses));
        var sent = await messages.ReadAsync();
        Assert.Equal((1, 2), (sent.Count(message => Bulks.IsOf(world, message, "offer")), sent.Count(message => Bulks.IsOf(world, message, "reset"))));
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

    // In any second.
    private static int Most(IReadOnlyList<SandboxMessage> sent)
    {
        var times = sent.Select(message => message.ReceivedAt).Order().ToList();
        var most = 0;
        for (int from = 0, to = 0; from < times.Count; from++)
        {
            for (; to < times.Count && times[to] < times[from] + TimeSpan.FromSeconds(1); to++)
            {
            }
            most = Math.Max(most, to - from);
        }
        return most;
    }

    /// <summary>
    /// How long the machine lets nobody run. The sandbox tells the time when it gets to a request: what came while it was held up stands in a heap there, though it was sent one by one.
    /// </summary>
    private sealed class Stalls : IAsyncDisposable
    {
        private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(20);
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _watching;
        private long _longest;

        public Stalls() => _watching = WatchAsync();

        public TimeSpan Longest => TimeSpan.FromTicks(Volatile.Read(ref _longest));

        /// <summary>How many requests come in so long.</summary>
        public int Worth(int rate) => (int)Math.Ceiling(rate * Longest.TotalSeconds);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _watching;
            _stop.Dispose();
        }

        private async Task WatchAsync()
        {
            while (!_stop.IsCancellationRequested)
            {
                var began = Stopwatch.GetTimestamp();
                await Task.Delay(Nap, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Volatile.Write(ref _longest, Math.Max(Volatile.Read(ref _longest), (Stopwatch.GetElapsedTime(began) - Nap).Ticks));
            }
        }
    }
}
