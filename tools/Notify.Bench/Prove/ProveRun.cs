using System.Globalization;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Notify.Bench.World;
using Notify.Functions.Health;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;

namespace Notify.Bench.Prove;

/// <summary>One proof: produce while things go wrong, mend everything, wait until it has come to an end, and judge.</summary>
internal sealed class ProveRun(ProveOptions options, TextWriter output)
{
    private readonly Counters _counters = new();

    /// <summary>Runs it.</summary>
    /// <param name="enough">Ends the going wrong early; it is judged all the same.</param>
    public async Task<ProveReport> RunAsync(CancellationToken enough)
    {
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"Seed {options.Seed}, {options.Minutes:0.##} minutes{(options.Break is null ? "" : ", with " + options.Break)}"
            + $"{(options.Limit > 0 ? $", {options.Limit} requests a second at each provider" : "")}."
            + $" Starting backends and {ProcessRole.All.Count} processes …"));
        await using var world = await ProveWorld.StartAsync(CancellationToken.None);
        var random = new Random(options.Seed);
        var processes = ProcessRole.All.Select(processRole =>
            new RoleProcess(world, processRole, _counters, new Random(random.Next()), options)).ToList();
        using var over = new CancellationTokenSource();
        var lives = processes.Select(process => process.RunAsync(over.Token)).ToList();
        try
        {
            var run = RunAsync(world, processes, random, enough);
            // A process that is not started any more would make the run one of something else.
            await await Task.WhenAny([run, .. lives]);
            return await run;
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(lives);
        }
    }

    private async Task<ProveReport> RunAsync(
        ProveWorld world, IReadOnlyList<RoleProcess> processes, Random random, CancellationToken enough)
    {
        var front = processes.Single(process => process.Role == ProcessRole.Front);
        while (processes.Any(process => process.Address is null))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
        }
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(enough);
        using var producer = new Producer(world, () => front.Address, options, random.Next());
        var chaosSchedule = new ChaosSchedule(world, processes, _counters, random, options);
        var began = TimeProvider.System.GetTimestamp();
        var producing = producer.RunAsync(stop.Token);
        var wrong = chaosSchedule.RunAsync(stop.Token);
        var (acknowledged, stalled) = (0, 0);
        while (!(producing.IsCompleted && wrong.IsCompleted))
        {
            await Task.WhenAny(Task.WhenAll(producing, wrong),
                Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System, CancellationToken.None));
            var elapsed = TimeProvider.System.GetElapsedTime(began);
            await ProgressAsync(world, producer, elapsed);
            if (IsEnough(elapsed, producer.All.Count))
            {
                await stop.CancelAsync();
            }
            stalled = producer.Acknowledged == acknowledged ? stalled + 1 : 0;
            acknowledged = producer.Acknowledged;
            if (stalled >= 4 && !world.DoesBrokerAnswer())
            {
                throw new BrokerGoneException();
            }
        }
        await Task.WhenAll(producing, wrong);
        await chaosSchedule.HealAsync();
        var (observations, completionDetector) = await DrainAsync(world, producer,
            processes.Single(process => process.Role == ProcessRole.Timer), TimeProvider.System.GetTimestamp());
        return new ProveReport(options, TimeProvider.System.GetElapsedTime(began), _counters, observations, completionDetector,
            ConsistencyChecker.Find(observations, world.Observer.Services.GetRequiredService<KeyedHashes>()));
    }

    private bool IsEnough(TimeSpan elapsed, int events)
    {
        var minutes = TimeSpan.FromMinutes(options.Minutes);
        return elapsed >= minutes && (options.Least?.IsReached(_counters, events) is not false || elapsed >= minutes + Least.LongestDelay);
    }

    private async Task ProgressAsync(ProveWorld world, Producer producer, TimeSpan elapsed)
    {
        var messages = await new SandboxReader(world.Sandbox.Http).CountAsync();
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"  {elapsed:mm\\:ss}  {producer.All.Count} events, {producer.Acknowledged} acknowledged; {messages} "
                + $"messages; {_counters.Kills.Values.Sum()} kills, {_counters.Outages.Values.Sum()} "
                + $"outages, {_counters.Faults.Values.Sum()} faults"));
    }

    // Digests have windows, claims of the dead have to run out, and what is due much later is released by a timer whose clock is ahead.
    private async Task<(Observations Evidence, CompletionDetector Ending)> DrainAsync(
        ProveWorld world, Producer producer, RoleProcess timer, long began)
    {
        await timer.RestartAsync(options.Later + TimeSpan.FromMinutes(5));
        // What is broken on purpose comes to no end.
        var completionDetector = options.Break is null
            ? new CompletionDetector(patience: 20, TimeSpan.FromMinutes(30)) : new CompletionDetector(patience: 8, options.BrokenEnding);
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, CancellationToken.None);
            var elapsed = TimeProvider.System.GetElapsedTime(began);
            string waiting;
            Observations? observations;
            try
            {
                waiting = await WaitingAsync(world);
                observations = completionDetector.IsTimeToRead(waiting, elapsed) ? await ReadAsync(world, producer) : null;
            }
            catch (Exception fault) when (TransientFaults.IsFault(fault) && elapsed < TimeSpan.FromMinutes(30))
            {
                // The emulator is one thread, and works off a backlog.
                await output.WriteLineAsync($"  ending: the storage does not answer ({fault.GetType().Name})");
                continue;
            }
            var ledger = observations is null
                ? null
                : string.Create(CultureInfo.InvariantCulture,
                    $"{observations.Missing} events not dispatched, {observations.Open} of {observations.Deliveries.Count} deliveries "
                        + $"open");
            await output.WriteLineAsync($"  ending: {ledger ?? waiting}");
            if (completionDetector.IsOver(waiting, ledger, observations is { Missing: 0, Open: 0 }, elapsed) && observations is not null)
            {
                return observations.Missing == 0 || world.DoesBrokerAnswer()
                    ? (observations, completionDetector)
                    : throw new BrokerGoneException();
            }
        }
    }

    // What is waiting where; empty where nothing is.
    private static async Task<string> WaitingAsync(ProveWorld world)
    {
        var backlog = world.Observer.Services.GetRequiredService<Backlog>();
        var waiting = new List<string>();
        void Add(string where, long count)
        {
            if (count > 0)
            {
                waiting.Add(string.Create(CultureInfo.InvariantCulture, $"{where} {count}"));
            }
        }
        try
        {
            foreach (var (topic, records) in await backlog.OfTopicsAsync(CancellationToken.None))
            {
                Add(topic, records);
            }
        }
        catch (KafkaException fault)
        {
            waiting.Add(fault.Message);
        }
        foreach (var queue in Backlog.Queues)
        {
            Add(queue, (await backlog.OfQueueAsync(queue, CancellationToken.None)).Depth);
        }
        return string.Join(", ", waiting);
    }

    private static async Task<Observations> ReadAsync(ProveWorld world, Producer producer)
    {
        var tables = world.Observer.Services.GetRequiredService<ITables>();
        var heads = new Dictionary<string, EventRecord>(StringComparer.Ordinal);
        var inbox = new HashSet<string>(StringComparer.Ordinal);
        foreach (var partition in KeyedHashes.Partitions)
        {
            await foreach (var row in tables.QueryAsync(TableNames.Events, partition, "", "~", CancellationToken.None))
            {
                if (!row.Key.Contains('.', StringComparison.Ordinal) && EventRecord.IsHead(row))
                {
                    var head = EventRecord.From(row);
                    heads[head.Event.Id] = head;
                }
            }
            await foreach (var row in tables.QueryAsync(TableNames.Inbox, partition, "", "~", CancellationToken.None))
            {
                inbox.Add(row.Key);
            }
        }
        var deliveries = await LedgerRows.ReadAsync(tables).ToListAsync();
        return new Observations([.. producer.All], heads, deliveries, await new SandboxReader(world.Sandbox.Http).ReadAsync(), inbox);
    }
}
