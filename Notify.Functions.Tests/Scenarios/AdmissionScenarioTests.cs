using System.Globalization;
using Notify.Bench.World;
using Notify.Functions.Contract;
using Notify.Functions.Tests.Harness;
using Xunit.Abstractions;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>
/// Who goes when at one provider's rate, with a process and backends of their own. What is asserted are counts, shares and order; how fast
/// it was, which depends on what else the machine does, is printed.
/// </summary>
[Trait("Category", "Slow")]
public sealed class AdmissionScenarioTests(ITestOutputHelper output)
{
    private const string Senders = "SendSms,SendSmsUrgent";
    private const string LoadPath = "/proc/loadavg";

    [SkippableTheory]
    [InlineData(Priority.Normal, 300)]
    [InlineData(Priority.High, 200)]
    public async Task Who_is_alone_has_the_rate_to_itself(Priority priority, int count)
    {
        await using var world = await RealWorld.StartAsync();
        var messages = await QueuedAsync(world, (priority, count));

        await world.StartHostAsync(functions: Senders, more: Limited(20));
        await messages.WaitForAsync(count);

        Assert.Equal($"sent {count}", Bulks.Text(await Bulks.FinalAsync(world, count)));
        Assert.Equal(0, await messages.AssertSentOnceAsync(world.Observer.Services));
        var times = (await messages.ReadAsync()).Select(message => message.ReceivedAt).Order().ToList();
        var half = times[(count / 2)..];
        Print($"{count} of {priority} alone: {Rate(times)}, the second half {Rate(half)}");
    }

    [SkippableFact]
    public async Task A_critical_message_behind_three_hundred_high_ones_overtakes_them()
    {
        await using var world = await RealWorld.StartAsync();
        var messages = await QueuedAsync(world, (Priority.High, 300));
        await world.StartHostAsync(functions: "Dispatch,DispatchUrgent");
        // One before it, for which nothing sends: to join a topic's consumers takes seconds.
        await Bulks.PublishAsync(world, "first", Priority.Critical, Channel.Email, 1);
        await Bulks.DecidedAsync(world, 301);
        // So few a second that they wait for a minute and more: it overtakes them on a machine too where its own way takes half of that.
        await world.StartHostAsync(functions: Senders, more: Limited(4));
        await messages.WaitForAsync(20);

        var before = await messages.CountAsync();
        var accepted = TimeProvider.System.GetUtcNow();
        await Bulks.PublishAsync(world, nameof(Priority.Critical), Priority.Critical, Channel.Sms, 1);
        var all = await Patience.UntilAsync(messages.ReadAsync, all =>
            all.Any(message => Bulks.IsOf(world, message, nameof(Priority.Critical))), all => $"{all.Count}");

        var critical = all.Single(message => Bulks.IsOf(world, message, nameof(Priority.Critical)));
        var place = all.OrderBy(message => message.Sequence).Index().Single(one => one.Item == critical).Index;
        Print($"A critical one was accepted when {before} of 300 high ones were sent, and was "
            + $"number {place + 1}, {(critical.ReceivedAt - accepted).TotalSeconds:f1} s later");
        Assert.True(place < 200, $"It was number {place}.");
    }

    [SkippableFact]
    public async Task Where_all_wait_each_class_has_its_share()
    {
        // So few a second that the rate is what they wait for, on a busy machine too.
        const int Each = 120;
        await using var world = await RealWorld.StartAsync();
        var messages = await QueuedAsync(world, (Priority.Critical, Each), (Priority.High, Each), (Priority.Normal, Each));

        await world.StartHostAsync(functions: Senders, more: Limited(5));
        await messages.WaitForAsync(170);

        // From where all are there, to where critical ones may be at their end.
        var some = (await messages.ReadAsync()).OrderBy(message => message.Sequence).Skip(20).Take(150).ToList();
        var shares = new[] { Priority.Critical, Priority.High, Priority.Normal }
            .Select(priority => some.Count(message => IsOf(world, message, priority, Each)) / (double)some.Count).ToList();
        Print($"Shares of {some.Count}: {string.Join(", ", shares.Select(share => share.ToString("f2", CultureInfo.InvariantCulture)))}; {Rate([.. some.Select(message => message.ReceivedAt)])}");
        Assert.InRange(shares[0], 0.5, 0.7);
        Assert.InRange(shares[1], 0.1, 0.3);
        Assert.InRange(shares[2], 0.1, 0.3);
    }

    // Decided and in their queues before a sender is there.
    private static async Task<SandboxMessages> QueuedAsync(RealWorld world, params (Priority Priority, int Count)[] all)
    {
        await Bulks.SwitchReportsOffAsync(world);
        await using var dispatcher = await world.StartHostAsync(functions: "Dispatch,DispatchUrgent");
        foreach (var (priority, count) in all)
        {
            await Bulks.PublishAsync(world, priority.ToString(), priority, Channel.Sms, count);
        }
        await Bulks.DecidedAsync(world, all.Sum(one => one.Count));
        Assert.Equal(0, await dispatcher.StopAsync());
        return new SandboxMessages(world.Sandbox.Http);
    }

    private static bool IsOf(RealWorld world, SandboxMessage message, Priority priority, int count) =>
        Enumerable.Range(0, (count + 99) / 100)
            .Any(number => message.DeliveryId!.Contains(Bulks.HashOf(world, priority.ToString(), number), StringComparison.Ordinal));

    private static Dictionary<string, string> Limited(int rate) =>
        new(StringComparer.Ordinal) { ["Notify__Channels__sms__RateLimit"] = rate.ToString(CultureInfo.InvariantCulture) };

    private static string Rate(IReadOnlyList<DateTimeOffset> times) =>
        string.Create(CultureInfo.InvariantCulture, $"{(times.Count - 1) / (times[^1] - times[0]).TotalSeconds:f1}/s");

    private void Print(string line) =>
        output.WriteLine(line + (File.Exists(LoadPath) ? $" (load {File.ReadAllText(LoadPath).Split(' ')[0]})" : ""));
}
