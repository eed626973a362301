using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Notify.Bench.World;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Topics;
using Notify.Functions.Sending;
using Notify.Functions.Status;
using Notify.Functions.Tests.Harness;
using Notify.LocalHost.Runtime.Queues;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>
/// One event to a big topic on two channels, on real backends; the host that decides is killed twice. It loads no channel function, so that
/// what it has enqueued can be held against the ledger. A hundred thousand subscribers take Azurite more than ten minutes: they are the
/// full run's; a shortened one has five thousand.
/// </summary>
[Trait("Category", "Slow")]
public sealed class FanOutScenarioTests
{
    // 64 MiB, in hexadecimal as the runtime reads it: a host that held a whole topic would end for want of memory.
    private const string HeapLimit = "4000000";
    private static readonly int Subscribers = FullRun.IsAsked ? 100_000 : 5_000;

    [SkippableFact]
    public async Task A_topic_event_is_decided_once_for_everybody_through_two_kills_and_in_little_memory()
    {
        await using var world = await RealWorld.StartAsync();
        var services = world.Observer.Services;
        await SubscribeAsync(services, "offers", Names(Subscribers));
        var host = await StartAsync(world);

        await world.PublishAsync(To("offers"));
        foreach (var until in new[] { Subscribers / 5, Subscribers * 3 / 5 })
        {
            await WaitAsync(world, "offers", view => view.Recipients >= until);
            Assert.False(host.HasExited, host.Output);
            await host.KillAsync();
            host = await StartAsync(world);
        }
        var decided = await WaitAsync(world, "offers", view => view.Done);
        Assert.Equal(0, await host.StopAsync());

        Assert.Equal((Subscribers, $"send {2 * Subscribers}"),
            (decided.Recipients, string.Join(", ", decided.Decided.Select(pair => $"{pair.Key} {pair.Value}"))));
        var decisions = await DecisionsAsync(services, "offers");
        Assert.Equal(2 * Subscribers, decisions.Count);
        await EnvelopesHoldAllAsync(services, decisions);
    }

    private static Task<HostProcess> StartAsync(RealWorld world) => world.StartHostAsync(
        functions: "Dispatch,DispatchUrgent,FanOut,FanOutUrgent",
        more: new Dictionary<string, string>(StringComparer.Ordinal) { ["DOTNET_GCHeapHardLimit"] = HeapLimit });

    private static NotificationEvent To(string topic) => TestEvents.Alert(topic) with
    {
        Type = EventType.Transactional,
        Priority = Priority.Normal,
        Recipients = ["topic:" + topic],
        Channels = [Channel.Email, Channel.InApp],
    };

    private static async Task SubscribeAsync(IServiceProvider services, string topic, IEnumerable<string> names)
    {
        var recipients = services.GetRequiredService<RecipientBulk>();
        var topics = services.GetRequiredService<TopicSubscribers>();
        foreach (var some in names.Chunk(5_000))
        {
            await recipients.PutAsync([.. some.Select(name => new RecipientProfile { Id = name, Email = MailOf(name) })],
                CancellationToken.None);
            await topics.SubscribeAsync(null, topic, some, CancellationToken.None);
        }
    }

    private static async Task<TopicView> WaitAsync(RealWorld world, string eventId, Func<TopicView, bool> isThere)
    {
        var reader = world.Observer.Services.GetRequiredService<NotificationReader>();
        var found = await Patience.UntilAsync(
            async () => await reader.FindAsync(null, eventId, 0, 0, CancellationToken.None) is { Topics: [var topic] } ? topic : null,
            topic => topic is not null && isThere(topic),
            topic => $"{topic?.Recipients} of {Subscribers} are decided.");
        return found!;
    }

    // Every subscriber once on each channel, all to be sent, by the rows themselves.
    private static async Task<Dictionary<string, string>> DecisionsAsync(IServiceProvider services, string eventId)
    {
        var eventHash = services.GetRequiredService<KeyedHashes>().EventHash(null, eventId);
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var expected = Names(Subscribers).SelectMany(name => new[] { (name, Channel.Email), (name, Channel.InApp) }).ToHashSet();
        await foreach (var (decision, attempts) in LedgerRows.ReadAsync(services.GetRequiredService<ITables>()))
        {
            if (string.Equals(decision.Id.EventHash, eventHash, StringComparison.Ordinal))
            {
                Assert.Equal((DecisionKind.Send, 0), (decision.Decision.Kind, attempts.Count));
                Assert.True(expected.Remove((decision.Recipient, decision.Id.Channel)), $"{decision.Recipient} was decided twice.");
                found.Add(decision.Id.ToString(), decision.Recipient);
            }
        }
        return found;
    }

    private static async Task EnvelopesHoldAllAsync(IServiceProvider services, Dictionary<string, string> decisions)
    {
        var queues = services.GetRequiredService<IQueueSource>();
        var enqueued = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (queue, channel) in new[] { ("notify-email", Channel.Email), ("notify-in-app", Channel.InApp) })
        {
            while (await queues.ReceiveAsync(queue, 32, TimeSpan.FromHours(1), CancellationToken.None) is { Count: > 0 } messages)
            {
                foreach (var delivery in messages.SelectMany(message =>
                    EnvelopeSerializer.Read(Encoding.UTF8.GetString(message.Body!.Value.Span)).Deliveries))
                {
                    if (decisions.TryGetValue(delivery.Id, out var name))
                    {
                        enqueued.Add(delivery.Id);
                        Assert.Equal(channel == Channel.Email ? MailOf(name) : name, Assert.Single(delivery.Addresses));
                    }
                }
            }
        }
        Assert.Equal(decisions.Count, enqueued.Count);
    }

    private static IEnumerable<string> Names(int count) =>
        Enumerable.Range(0, count).Select(number => string.Create(CultureInfo.InvariantCulture, $"s{number:d6}"));

    private static string MailOf(string name) => $"{name}@example.com";
}
