using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Notify.Bench.World;
using Notify.Functions.Contract;
using Notify.Functions.Dispatch;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Topics;
using Notify.Functions.Status;
using Notify.Functions.Tests.Harness;
using Notify.LocalHost.FaultInjection;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>
/// A host process is killed, by SIGKILL from inside, at the places that only topics and deferred deliveries pass; another takes over.
/// Afterwards everybody has one mail, but for the one gap that no sender can close.
/// </summary>
[Trait("Category", "Slow")]
public sealed class TopicFaultPointTests
{
    private const int Subscribers = 300;

    // A shortened run takes the one in the middle.
    private static readonly string[] Places = [CrashPoint.AfterFanOutEnqueue, CrashPoint.AfterFanOutPage, CrashPoint.AfterFanOutProgress];

    [SkippableFact]
    public async Task Whoever_dies_in_a_topic_another_finishes_it_once()
    {
        await using var world = await RealWorld.StartAsync();
        await world.Observer.Services.GetRequiredService<TopicSubscribers>()
            .SubscribeAsync(null, "offers", [.. Names("offers", Subscribers)], CancellationToken.None);
        foreach (var place in FullRun.IsAsked ? Places : [CrashPoint.AfterFanOutPage])
        {
            var happened = To(place, "topic:offers");
            var doomed = await world.StartHostAsync(killAt: place);
            await world.PublishAsync(happened);
            await EndsAsync(doomed, place);
            await using var heir = await world.StartHostAsync(port: doomed.Address.Port);

            await EverybodyHasItAsync(world, happened.Id, [.. Names("offers", Subscribers)]);
            await IsDoneAsync(world, happened.Id);
        }
        await new SandboxMessages(world.Sandbox.Http).AssertSentOnceAsync(world.Observer.Services);
    }

    [SkippableFact]
    public async Task Whoever_dies_while_deferred_deliveries_are_released_another_releases_them_once()
    {
        await using var world = await RealWorld.StartAsync();
        // Decided an hour ago, so that what is due in a moment waited for its time in the ledger.
        await using var earlier = await world.BuildAsync(new OffsetTimeProvider(TimeProvider.System, TimeSpan.FromHours(-1)));
        string[] names = [.. Names("later", 40)];
        var happened = To("later", names) with { SendAt = TimeProvider.System.GetUtcNow().AddSeconds(5) };
        await earlier.Services.GetRequiredService<EventDispatcher>().DispatchAsync(
            [new IncomingRecord(new EventPosition("notifications.incoming", 0, 0), happened.CreatedAt, EventWriter.Write(happened))],
            CancellationToken.None);
        var decided = await world.Observer.Services.GetRequiredService<NotificationReader>()
            .FindAsync(null, happened.Id, 0, 100, CancellationToken.None);
        Assert.All(decided!.Deliveries, delivery => Assert.Equal("pending", delivery.Status));
        Assert.Equal(names.Length, decided.Deliveries.Count(delivery => delivery.Due > happened.CreatedAt));

        var doomed = await world.StartHostAsync(killAt: CrashPoint.AfterRelease);
        await ReleaseAsync(doomed);
        await EndsAsync(doomed, CrashPoint.AfterRelease);
        await using var heir = await world.StartHostAsync(port: doomed.Address.Port);
        await ReleaseAsync(heir);

        await EverybodyHasItAsync(world, happened.Id, names);
        await new SandboxMessages(world.Sandbox.Http).AssertSentOnceAsync(world.Observer.Services);
    }

    // External addresses, which need no profile.
    private static IEnumerable<string> Names(string prefix, int count) =>
        Enumerable.Range(0, count).Select(n => string.Create(CultureInfo.InvariantCulture, $"mailto:{prefix}-{n}@example.com"));

    private static NotificationEvent To(string id, params string[] recipients) => TestEvents.Alert(id) with
    {
        Type = EventType.Transactional,
        Priority = Priority.Normal,
        Recipients = recipients,
        Channels = [Channel.Email],
        CreatedAt = TimeProvider.System.GetUtcNow().AddHours(-1),
    };

    private static Task EndsAsync(HostProcess doomed, string place) =>
        Patience.UntilAsync(() => Task.FromResult(doomed.HasExited), () => $"{place}: the host did not die there. {doomed.Output}");

    private static async Task IsDoneAsync(RealWorld world, string eventId)
    {
        var reader = world.Observer.Services.GetRequiredService<NotificationReader>();
        var topic = await Patience.UntilAsync(
            async () => Assert.Single((await reader.FindAsync(null, eventId, 0, 0, CancellationToken.None))!.Topics), topic => topic.Done,
            topic => $"{eventId}: {topic.Recipients} of {Subscribers} are decided.");

        Assert.Equal((Subscribers, $"send {Subscribers}"),
            (topic.Recipients, string.Join(", ", topic.Decided.Select(pair => $"{pair.Key} {pair.Value}"))));
    }

    private static async Task ReleaseAsync(HostProcess host)
    {
        try
        {
            using var answer = await host.Http.PostAsync(new Uri("admin/functions/BuildDigests", UriKind.Relative),
                new StringContent("{}", Encoding.UTF8, "application/json"));
        }
        catch (HttpRequestException)
        {
            // It died in the middle of answering.
        }
    }

    private static Task EverybodyHasItAsync(RealWorld world, string eventId, IReadOnlyList<string> recipients)
    {
        var sandbox = new SandboxMessages(world.Sandbox.Http);
        var hash = world.Observer.Services.GetRequiredService<KeyedHashes>().EventHash(null, eventId);
        return Patience.UntilAsync(
            async () => (await sandbox.ReadAsync()).Where(mail => mail.DeliveryId!.Contains(hash, StringComparison.Ordinal))
                .Select(mail => "mailto:" + mail.To).ToHashSet(StringComparer.Ordinal),
            mails => mails.SetEquals(recipients),
            mails => $"{eventId}: {mails.Count} of {recipients.Count} have their mail.");
    }
}
