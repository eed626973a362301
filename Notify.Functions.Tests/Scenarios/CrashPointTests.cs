using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Notify.Bench.World;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Status;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>
/// A host process is killed, by SIGKILL from inside, at each named place between two writes, on real backends; another takes over.
/// Afterwards every delivery is decided and was sent exactly once, but for the one gap that no sender can close.
/// </summary>
[Trait("Category", "Slow")]
public sealed class CrashPointTests
{
    private const int Recipients = 8;

    // Each place with its events; a shortened run takes those whose neighbours are like them.
    private static readonly string[] Few = [CrashPoint.AfterProvider, CrashPoint.AfterClose];

    // Places that every record passes on its way from the topic.
    private static readonly string[] OfDispatch =
        [CrashPoint.AfterHeads, CrashPoint.BeforeMark, CrashPoint.AfterCacheRead, CrashPoint.AfterKeys, CrashPoint.AfterDecisions,
            CrashPoint.AfterEnqueue];

    private static readonly string[] Elsewhere =
        [CrashPoint.AfterRelease, CrashPoint.AfterFanOutEnqueue, CrashPoint.AfterFanOutPage, CrashPoint.AfterFanOutProgress];

    [SkippableFact]
    public async Task Whoever_dies_between_two_writes_another_finishes_its_work_once()
    {
        await using var world = await StartAsync();
        // Topics and what is deferred for longer have tests of their own: nothing of them passes within this run.
        foreach (var place in FullRun.IsAsked ? CrashPoint.All.Except(Elsewhere, StringComparer.Ordinal) : Few)
        {
            // On the same port: the providers go on reporting there.
            await DieAtAsync(world, place, await world.StartHostAsync(killAt: place), doomed =>
                world.StartHostAsync(port: doomed.Address.Port));
        }
        await new SandboxMessages(world.Sandbox.Http).AssertSentOnceAsync(world.Observer.Services);
    }

    [SkippableFact]
    public async Task Also_where_the_cache_has_lost_everything_meanwhile()
    {
        await using var world = await StartAsync();
        foreach (var place in FullRun.IsAsked ? CrashPoint.All.Except(Elsewhere, StringComparer.Ordinal) : [CrashPoint.BeforeMark])
        {
            await DieAtAsync(world, place, await world.StartHostAsync(killAt: place), async doomed =>
            {
                await world.Redis.StopAsync();
                await world.Redis.StartAsync(CancellationToken.None);
                return await world.StartHostAsync(port: doomed.Address.Port);
            });
        }
        await new SandboxMessages(world.Sandbox.Http).AssertSentOnceAsync(world.Observer.Services);
    }

    [SkippableFact]
    public async Task A_second_consumer_of_the_group_takes_over_what_the_first_died_at()
    {
        await using var world = await StartAsync();
        foreach (var place in FullRun.IsAsked ? OfDispatch : OfDispatch[..1])
        {
            // It sends nothing: the providers would report to where it was. And it joins the group first: one that joins last may find
            // nothing left to die at.
            var doomed = await world.StartHostAsync(killAt: place, functions: "Dispatch,DispatchUrgent");
            var survivor = await world.StartHostAsync();
            await DieAtAsync(world, place, doomed, _ => Task.FromResult(survivor));
        }
        await new SandboxMessages(world.Sandbox.Http).AssertSentOnceAsync(world.Observer.Services);
    }

    private static async Task<RealWorld> StartAsync()
    {
        var world = await RealWorld.StartAsync();
        foreach (var name in Enumerable.Range(0, Recipients).Select(Name))
        {
            await world.Observer.Services.GetRequiredService<TableRecipientDirectory>().PutAsync(
                new RecipientProfile { Id = name, Email = $"{name}@example.com", Phone = "+15555550123", PushTokens = [name] },
                CancellationToken.None);
        }
        return world;
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"survivor-{number % Recipients}");

    // The heir is whoever goes on; it is ended afterwards.
    private static async Task DieAtAsync(RealWorld world, string place, HostProcess doomed, Func<HostProcess, Task<HostProcess>> heirOf)
    {
        using var file = new EventsOfOnePlace(place);
        var running = world.RunAsync(file.Path);
        await Patience.UntilAsync(
            async () =>
            {
                // Items that wait for their digest are done for the run, which may end before the digest is built.
                Assert.True(doomed.HasExited || place is CrashPoint.AfterClose or CrashPoint.AfterDigestEnqueue || !running.IsCompleted,
                    $"{place}: the host did not die there. {doomed.Output}");
                // Digests wait for their window; by hand they are built at once. The host may die in the middle of answering.
                await BuildDigestsAsync(doomed);
                return doomed.HasExited;
            },
            () => $"{place}: the host did not die there. {doomed.Output}");
        await using var heir = await heirOf(doomed);
        var summary = await running;

        Assert.Equal((EventsOfOnePlace.Count, EventsOfOnePlace.Count - 1, 1), (summary.Lines, summary.Accepted, summary.Duplicates));
        await BuildDigestsAsync(heir);
        await DigestsAreSentOnceAsync(world, file);
        await ImmediateOnesAreSentAsync(world, file, place);
    }

    private static async Task BuildDigestsAsync(HostProcess host)
    {
        try
        {
            using var answer = await host.Http.PostAsync(new Uri("admin/functions/BuildDigests", UriKind.Relative),
                new StringContent("{}", System.Text.Encoding.UTF8, "application/json"));
        }
        catch (HttpRequestException)
        {
        }
    }

    private static async Task DigestsAreSentOnceAsync(RealWorld world, EventsOfOnePlace file)
    {
        var reader = world.Observer.Services.GetRequiredService<NotificationReader>();
        var messages = new SandboxMessages(world.Sandbox.Http);
        foreach (var id in file.Digested)
        {
            var mails = await Patience.UntilAsync(
                async () =>
                {
                    var delivery = Assert.Single((await reader.FindAsync(null, id, 0, 10, CancellationToken.None))!.Deliveries);
                    return (await messages.ReadAsync()).Where(message => delivery.Digest is not null
                        && message.DeliveryId == delivery.Digest).ToList();
                },
                mails => mails.Count > 0,
                _ => $"{id} is in no digest that was sent.");
            Assert.Single(mails, mail => mail.Body!.Contains(id, StringComparison.Ordinal));
        }
        // An item is in one digest, whoever built it.
        var all = await messages.ReadAsync();
        Assert.All(file.Digested, id =>
            Assert.Single(all, message => message.Channel == "email" && message.Body!.Contains(id + " ", StringComparison.Ordinal)));
    }

    private static async Task ImmediateOnesAreSentAsync(RealWorld world, EventsOfOnePlace file, string place)
    {
        var messages = await new SandboxMessages(world.Sandbox.Http).ReadAsync();
        var reader = world.Observer.Services.GetRequiredService<NotificationReader>();
        foreach (var id in file.Immediate)
        {
            var view = (await reader.FindAsync(null, id, 0, 10, CancellationToken.None))!;
            if (view.DuplicateOf is not null)
            {
                continue;
            }
            foreach (var delivery in view.Deliveries.Where(delivery => delivery.Channel != "in_app"))
            {
                var sent = messages.Count(message => message.DeliveryId == delivery.Id);
                // Two only in the gap that no sender can close: what another envelope had at its provider when the process died, the ledger
                // calls unknown.
                var inTheGap = delivery.Timeline.Any(entry => entry.Fact == "unknown");
                Assert.True(sent == 1 || (sent == 2 && inTheGap),
                    $"{place}: {id} by {delivery.Channel} was sent {sent} times; {JsonSerializer.Serialize(delivery.Timeline)}");
            }
        }
    }

    /// <summary>
    /// Events of which each place has some to die at: all channels, a duplicate, several recipients' worth of envelopes, digests.
    /// </summary>
    private sealed class EventsOfOnePlace : IDisposable
    {
        public const int Count = 13;
        private readonly string _folder = Directory.CreateTempSubdirectory("notify-place-").FullName;

        public EventsOfOnePlace(string place)
        {
            var prefix = place.Replace('.', '-');
            Immediate = [.. Enumerable.Range(0, 8).Select(n => $"{prefix}-now-{n}")];
            Digested = [.. Enumerable.Range(0, 5).Select(n => $"{prefix}-later-{n}")];
            // The third says what the first does, by another id.
            var lines = Immediate.Select((id, n) => Line(
                    id, "transactional", n % 2 == 0 ? "critical" : "normal", """["email","sms","push","in_app"]""", n is 0 or 2
                        ? prefix : id, Name(n is 2 ? 0 : n), Immediate[n is 2 ? 0 : n]))
                .Concat(Digested.Select(id => Line(id, "alert", "low", """["email"]""", id, Name(0), id)));
            File.WriteAllLines(Path, lines);
        }

        public IReadOnlyList<string> Immediate { get; }

        public IReadOnlyList<string> Digested { get; }

        public string Path => System.IO.Path.Combine(_folder, "events.jsonl");

        public void Dispose() => Directory.Delete(_folder, recursive: true);

        private static string Line(string id, string type, string priority, string channels, string key, string recipient, string said) =>
            "{" +
            $"\"id\":\"{id}\",\"type\":\"{type}\",\"priority\":\"{priority}\",\"recipients\":[\"{recipient}\"],\"channels\":{channels},\"deduplicationKey\":\"{key}\",\"payload\":{{\"message\":\"{said} happened\"}}" + "}";
    }
}
