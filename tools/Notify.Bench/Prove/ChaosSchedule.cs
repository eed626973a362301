using System.Net.Http.Json;
using Notify.LocalHost.FaultInjection;

namespace Notify.Bench.Prove;

/// <summary>What goes wrong, and when: a plan that the seed decides.</summary>
internal sealed class ChaosSchedule(
    ProveWorld world, IReadOnlyList<RoleProcess> processes, Counters counters, Random random, ProveOptions options)
{
    private const double KillsAMinute = 9;
    private const double OutagesAMinute = 2.4;
    private const double FaultsAMinute = 4;
    private const double PausesAMinute = 1;
    private const double OneSidedAMinute = 0.6;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(4);

    /// <summary>
    /// Carries the plan out, and then another one, until it is asked to end: a kill that finds nobody running counts for nothing.
    /// </summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var background = new List<Task>();
        while (!stop.IsCancellationRequested)
        {
            var began = TimeProvider.System.GetTimestamp();
            foreach (var (at, act) in Plan())
            {
                var wait = at - TimeProvider.System.GetElapsedTime(began);
                await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, TimeProvider.System, stop)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (stop.IsCancellationRequested)
                {
                    break;
                }
                background.Add(act());
            }
        }
        await Task.WhenAll(background);
    }

    /// <summary>Mends everything.</summary>
    public async Task HealAsync()
    {
        foreach (var process in processes)
        {
            process.Offset = TimeSpan.Zero;
        }
        using var faults = await world.Sandbox.Http.DeleteAsync(new Uri("sandbox/faults", UriKind.Relative));
        faults.EnsureSuccessStatusCode();
        await ReportsAsync(new { duplicates = 0, outOfOrder = false, delayMs = 0 });
    }

    private IEnumerable<(TimeSpan At, Func<Task> Act)> Plan()
    {
        var length = TimeSpan.FromMinutes(options.Minutes);
        var acts = new List<(TimeSpan At, Func<Task> Act)>();
        // Evenly, and a little before or after.
        void Spread(double perMinute, Func<int, Func<Task>> act)
        {
            var count = (int)Math.Ceiling(perMinute * options.Minutes);
            for (var n = 0; n < count; n++)
            {
                acts.Add((Quiet + ((length - Quiet) * ((n + random.NextDouble()) / count)), act(n)));
            }
        }
        // What was claimed too long ago dies with its process.
        Spread(options.Break == GuardRemoval.LateClaim ? 0 : KillsAMinute, Kill);
        Spread(OutagesAMinute, Outage);
        Spread(FaultsAMinute, _ => Fault());
        Spread(options.Break == GuardRemoval.LateClaim ? 4 * PausesAMinute : PausesAMinute, Pause);
        Spread(OneSidedAMinute, OneSided);
        return acts.OrderBy(act => act.At);
    }

    private Func<Task> Kill(int number)
    {
        // A dispatcher every fourth time: a new one needs seconds to take over. Where a guard is missing, those that rely on it.
        var candidates = processes
            .Where(process => options.Break is { } guard ? process.Role.ReliesOn(guard) : process.Role.IsDispatcher == (number % 4 == 0))
            .ToList();
        var victim = candidates[random.Next(candidates.Count)];
        var thenByItself = random.Next(3) > 0;
        var offset = random.Next(5) == 0 ? TimeSpan.FromSeconds(random.Next(-8, 9)) : TimeSpan.Zero;
        return () =>
        {
            if (offset != TimeSpan.Zero)
            {
                counters.Fault("clock jumps");
            }
            // One that is far ahead finds due what is due much later.
            victim.Offset = victim.Role == ProcessRole.Timer && offset != TimeSpan.Zero ? options.Ahead : offset;
            return victim.KillAsync(thenByItself);
        };
    }

    private Func<Task> Outage(int number)
    {
        var length = TimeSpan.FromSeconds(random.Next(2, 7));
        return (number % 5) switch
        {
            0 => () => OutageAsync("Redis, back empty", world.Redis.StopAsync, () => world.Redis.StartAsync(CancellationToken.None),
                length),
            1 => () => OutageAsync("broker cut off", () => Done(world.Broker.Cut), () => Done(world.Broker.Restore), length),
            2 => () => OutageAsync("storage frozen", world.Storage.FreezeAsync, world.Storage.ThawAsync, length),
            3 => () => OutageAsync("storage cut off", () => Done(() => Each(proxy => proxy.Cut())), () =>
                Done(() => Each(proxy => proxy.Restore())), length),
            _ => () => OutageAsync("storage's answers lost", () => Done(() => Each(proxy => proxy.LosesAnswers = true)), () =>
                Done(() => Each(proxy => proxy.LosesAnswers = false)), length),
        };

        void Each(Action<StorageProxies> act)
        {
            foreach (var proxies in world.Proxies.Values)
            {
                act(proxies);
            }
        }
    }

    // A sender that is stopped between its claim and its request, for longer than a claim lives or not quite so long.
    private Func<Task> Pause(int number)
    {
        var (sender, length) = (Sender(number), LongAway());
        return () => SlowlyAsync(sender, () => sender.PauseAsync(length));
    }

    // The sender's storage is slow first, so that much is between its claim and its request when it happens.
    private async Task SlowlyAsync(RoleProcess sender, Func<Task> act)
    {
        world.Proxies[sender.Role].AnswerDelay = TimeSpan.FromSeconds(1);
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, CancellationToken.None);
        await act();
        world.Proxies[sender.Role].AnswerDelay = TimeSpan.Zero;
    }

    // Where the guard is missing, longer than a claim lives.
    private TimeSpan LongAway() =>
        TimeSpan.FromSeconds(options.Break == GuardRemoval.LateClaim ? random.Next(34, 41) : random.Next(15, 41));

    // The storage is away for one sender alone, or does what it asks and the answers are lost: another takes over meanwhile.
    private Func<Task> OneSided(int number)
    {
        var length = LongAway();
        var sender = Sender(number + 1);
        var proxies = world.Proxies[sender.Role];
        return () => SlowlyAsync(sender, number % 2 == 0
            ? () => OutageAsync("storage's answers to one sender lost", () => Done(() => proxies.LosesAnswers = true), () =>
                Done(() => proxies.LosesAnswers = false), length)
            : () => OutageAsync("storage cut off from one sender", () => Done(proxies.Cut), () => Done(proxies.Restore), length));
    }

    private RoleProcess Sender(int number) => processes.Where(process => process.Role.IsSender).ElementAt(number % 2);

    private async Task OutageAsync(string name, Func<Task> begin, Func<Task> end, TimeSpan length)
    {
        counters.Outage(name);
        await begin();
        await Task.Delay(length, TimeProvider.System, CancellationToken.None);
        await end();
    }

    private static Task Done(Action act)
    {
        act();
        return Task.CompletedTask;
    }

    private Func<Task> Fault()
    {
        var seconds = random.Next(2, 8) * 1000;
        var provider = new[] { "twilio", "sendgrid", "fcm", "*" }[random.Next(4)];
        var seed = random.Next();
        return random.Next(7) switch
        {
            0 => () => FaultAsync("503", new { provider, mode = "error", probability = 0.5, seed, durationMs = seconds }),
            1 => () => FaultAsync("429", new
            {
                provider,
                mode = "rateLimit",
                probability = 0.5,
                seed,
                durationMs = seconds,
                delayMs = 1000
            }),
            2 => () => FaultAsync("slow", new { provider, mode = "slow", probability = 0.5, seed, durationMs = seconds, delayMs = 800 }),
            3 => () => FaultAsync("accepted, answer lost",
                new { provider, mode = "acceptThenTimeout", probability = 0.1, seed, durationMs = seconds, delayMs = 500 }),
            4 => () => FaultAsync("connection reset", new { provider, mode = "reset", probability = 0.2, seed, durationMs = seconds }),
            5 => () => FaultAsync("refused for good", new { provider, mode = "reject", probability = 0.1, seed, durationMs = seconds }),
            _ => MixedReportsAsync,
        };
    }

    private Task MixedReportsAsync()
    {
        counters.Fault("reports doubled, out of order, late");
        return ReportsAsync(new { duplicates = 2, outOfOrder = true, delayMs = 50 });
    }

    private async Task FaultAsync(string name, object fault)
    {
        counters.Fault(name);
        using var answer = await world.Sandbox.Http.PutAsJsonAsync(new Uri("sandbox/faults", UriKind.Relative), fault);
        answer.EnsureSuccessStatusCode();
    }

    private async Task ReportsAsync(object settings)
    {
        using var answer = await world.Sandbox.Http.PutAsJsonAsync(new Uri("sandbox/webhooks", UriKind.Relative), settings);
        answer.EnsureSuccessStatusCode();
    }
}
