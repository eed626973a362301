using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Notify.Functions.Contract;
using Notify.Functions.Erasure;
using Notify.Functions.Infrastructure.Storage;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Preferences;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Suppressions;
using Notify.Functions.Recipients.Topics;
using Notify.Functions.Sending;
using Notify.Functions.Sending.DeadLetters;
using Notify.Functions.Tests.BackendContracts;
using Notify.Functions.Tests.Harness;
using Notify.Functions.Tests.LocalHost;
using Notify.LocalHost.InMemory;

namespace Notify.Functions.Tests.Erasure;

public sealed class ErasureTests
{
    // Every id is unlike anything else, so that a scan finds it wherever it is.
    private const string Gone = "zoe_4711";
    private const string Stays = "max_0815";
    private const int TwoDays = 48;

    [Fact]
    public Task After_erasing_nothing_names_the_recipient_in_any_table_and_nothing_is_sent() => EraseInTheMiddleAsync(inner => inner);

    [ContractFact]
    public async Task After_erasing_nothing_names_the_recipient_in_any_real_table_and_nothing_is_sent()
    {
        var real = await RealTables.CreateAsync();
        await EraseInTheMiddleAsync(_ => real);
    }

    [Fact]
    public async Task Who_was_erased_while_a_dispatcher_was_held_up_between_reading_and_writing_is_not_named_by_it()
    {
        using var notify = new NotifyHarness();
        await notify.Get<TableRecipientDirectory>()
            .PutAsync(new RecipientProfile { Id = Gone, Email = "zoe@example.com" }, CancellationToken.None);
        notify.Tables.BeforeWrite = async (table, writes) =>
        {
            if (table == TableNames.Deliveries && writes[0].Kind == TableWriteKind.Insert)
            {
                notify.Tables.BeforeWrite = FaultyTables.Nothing;
                await notify.Get<RecipientErasure>().BeginAsync(null, Gone, CancellationToken.None);
                await notify.RunHoursAsync(3);
            }
        };

        await notify.DispatchAsync(notify.Record(TestEvents.Alert() with { Recipients = [Gone], Channels = [Channel.Email] }));
        await notify.RunQueuesAsync();

        var delivery = await notify.ReadOnlyDeliveryAsync("e1");
        Assert.NotEqual(Gone, delivery.Recipient);
        Assert.Equal(("suppressed", "erased"), (delivery.Status, delivery.Reason));
        Assert.Empty(notify.Senders[Channel.Email].Targets);
    }

    [Fact]
    public async Task Erasing_may_die_before_and_after_every_write_and_the_message_comes_again()
    {
        for (var death = 0; death < 12; death++)
        {
            using var notify = new NotifyHarness();
            var partitions = notify.Tables.WatchPartitions();
            await FillAsync(notify, "a");
            await notify.Get<RecipientErasure>().BeginAsync("a", Gone, CancellationToken.None);
            var (count, target) = (0, death);
            notify.Tables.BeforeWrite = (_, _) => count++ == target ? throw new OperationCanceledException("died") : Task.CompletedTask;
            try
            {
                await notify.RunQueuesAsync();
            }
            catch (OperationCanceledException)
            {
                // The message's lease runs out.
            }
            notify.Tables.BeforeWrite = FaultyTables.Nothing;
            await notify.RunHoursAsync(TwoDays);

            Assert.Equal("verified", (await notify.Get<RecipientErasure>().FindAsync("a", Gone, CancellationToken.None))!.State);
            Assert.Empty(await NamedAsync(notify.Tables, partitions.Keys));
        }
    }

    [Fact]
    public async Task Who_is_back_hears_of_what_happens_from_then_on()
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");
        await notify.Get<RecipientErasure>().BeginAsync(null, "user_1", CancellationToken.None);
        await notify.RunQueuesAsync();
        await notify.DispatchAsync(notify.Record(TestEvents.Alert("before")));
        notify.Clock.Advance(TimeSpan.FromMinutes(1));
        await notify.AddRecipientAsync("user_1");
        await notify.DispatchAsync(
            notify.Record(TestEvents.Alert("late")),
            notify.Record(TestEvents.Alert("after") with { CreatedAt = notify.Clock.GetUtcNow() }));
        await notify.RunHoursAsync(TwoDays);

        foreach (var old in new[] { "before", "late" })
        {
            var delivery = await notify.ReadOnlyDeliveryAsync(old);
            Assert.Equal(("suppressed", "erased"), (delivery.Status, delivery.Reason));
            Assert.StartsWith("erased:", delivery.Recipient, StringComparison.Ordinal);
        }
        Assert.Equal("sent", (await notify.ReadOnlyDeliveryAsync("after")).Status);
        Assert.Equal("user_1", (await notify.Get<TableRecipientDirectory>()
            .FindAsync(null, ["user_1"], CancellationToken.None))["user_1"].Id);
    }

    [Fact]
    public async Task An_event_that_the_broker_brings_again_neither_brings_the_name_back_nor_sends()
    {
        using var notify = new NotifyHarness();
        var partitions = notify.Tables.WatchPartitions();
        await notify.AddRecipientAsync(Gone);
        await notify.AddRecipientAsync(Stays);
        var record = notify.Record(TestEvents.Alert() with { Recipients = [Gone, Stays] });
        await notify.DispatchAsync(record);
        await notify.Get<RecipientErasure>().BeginAsync(null, Gone, CancellationToken.None);
        await notify.RunHoursAsync(TwoDays);

        await notify.DispatchAsync(record);
        await notify.RunHoursAsync(TwoDays);

        Assert.Equal(Stays, Assert.Single(notify.Senders[Channel.Push].Targets).Recipient);
        Assert.Equal(2, (await notify.ReadAsync("e1")).Deliveries.Count);
        Assert.Empty(await NamedAsync(notify.Tables, partitions.Keys));
    }

    [Fact]
    public async Task What_is_at_the_provider_when_it_happens_is_not_tried_again()
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync(Gone);
        notify.Senders[Channel.Push].Answer = _ => new SendResult.Unavailable("503", TimeSpan.FromSeconds(6));
        notify.Senders[Channel.Push].Meanwhile = async _ =>
        {
            await notify.Get<RecipientErasure>().BeginAsync(null, Gone, CancellationToken.None);
            await notify.Get<ErasureSweep>().EraseAsync(EraseRecipientCommand.Read(await TakeOrderAsync(notify)), CancellationToken.None);
        };
        await notify.DispatchAsync(notify.Record(TestEvents.Alert() with { Recipients = [Gone] }));
        await notify.RunLaneAsync(Channel.Push, urgent: true);
        notify.Senders[Channel.Push].Meanwhile = _ => Task.CompletedTask;

        await notify.RunHoursAsync(TwoDays);

        Assert.Single(notify.Senders[Channel.Push].Targets);
        var delivery = await notify.ReadOnlyDeliveryAsync("e1");
        Assert.Equal(("suppressed", "erased"), (delivery.Status, delivery.Reason));
    }

    private static async Task EraseInTheMiddleAsync(Func<ITables, ITables> tablesOf)
    {
        var clock = new ManualClock();
        var backends = new InMemoryBackends(clock);
        var tables = new FaultyTables(tablesOf(backends.Tables));
        var partitions = tables.WatchPartitions();
        var tenant = $"t{Guid.NewGuid():N}"[..9];
        using var notify = new NotifyHarness(backends, clock, configure: services =>
            services.Replace(ServiceDescriptor.Singleton<ITables>(tables)));
        await FillAsync(notify, tenant);
        Assert.NotEmpty(await NamedAsync(tables, partitions.Keys));
        var sentBefore = Sent(notify);

        var begun = await notify.Get<RecipientErasure>().BeginAsync(tenant, Gone, CancellationToken.None);
        Assert.Equal("erasing", begun.State);
        // What comes in meanwhile, before anything else is done.
        await notify.DispatchAsync(notify.Record(Event("meanwhile", tenant, Channel.Push, Priority.High)));
        await notify.RunHoursAsync(TwoDays);

        Assert.Empty(await NamedAsync(tables, partitions.Keys));
        Assert.Equal(sentBefore, Sent(notify));
        foreach (var queue in ChannelQueues.All.Append(RecipientErasure.Queue))
        {
            Assert.Equal(0, await backends.Queues.CountAsync(queue, CancellationToken.None));
        }
        var report = await notify.Get<RecipientErasure>().FindAsync(tenant, Gone, CancellationToken.None);
        Assert.Equal("verified", report!.State);
        foreach (var table in new[] { "deadletters", "deliveries", "events", "inbox", "recipients", "rejected", "suppressions", "topics",
            "stopped" })
        {
            Assert.True(report.Counts[table] > 0, table);
        }
        // Nobody else has lost anything.
        Assert.Equal(Stays, (await notify.Get<TableRecipientDirectory>().FindAsync(tenant, [Stays], CancellationToken.None))[Stays].Id);
        Assert.Contains(notify.Senders[Channel.Push].Targets, target => target.Recipient == Stays);
        var shared = await notify.ReadAsync("now", tenant);
        Assert.Contains(shared.Deliveries, delivery => delivery is { Recipient: Stays, Status: "sent" });
        Assert.Contains(shared.Deliveries, delivery => delivery is { Status: "suppressed", Reason: "erased" });
        Assert.NotNull(await notify.Get<SuppressionList>().FindAsync(tenant, Channel.Email, Address(Gone), CancellationToken.None));
    }

    // Everything that there can be of a recipient: said, waiting, given up, refused.
    private static async Task FillAsync(NotifyHarness notify, string tenant)
    {
        var directory = notify.Get<TableRecipientDirectory>();
        foreach (var id in new[] { Gone, Stays })
        {
            await directory.PutAsync(new RecipientProfile
            {
                Id = id,
                Tenant = tenant,
                Email = Address(id),
                Phone = id == Gone
                ? "+15555554711" : "+15555550815",
                PushTokens = [$"token-{id}"]
            }, CancellationToken.None);
            await notify.Get<TopicSubscribers>().SubscribeAsync(tenant, "offers", [id], CancellationToken.None);
        }
        await notify.Get<PreferenceStore>().ChangeAsync(
            notify.Get<RecipientRows>().HashOf(tenant, Gone), Gone, ChoiceVia.Api, before =>
                before.With("category:news", new Choice(Wanted: false, notify.Clock.GetUtcNow(), Gone, ChoiceVia.Api)),
                CancellationToken.None);

        // Sent, and in the inbox.
        await notify.DispatchAsync(
            notify.Record(Event("sent", tenant, Channel.Push, Priority.High)),
            notify.Record(Event("inbox", tenant, Channel.InApp, Priority.High)),
            notify.Record(Event("alone", tenant, Channel.Sms, Priority.High) with
            {
                Recipients = [Gone],
                Payload = TestEvents.Json($$"""{"message":"Dear {{Gone}}"}""")
            }));
        await notify.RunQueuesAsync();
        // Given up.
        notify.Senders[Channel.Sms].Answer = _ => new SendResult.Unavailable("503", TimeSpan.FromSeconds(6));
        await notify.DispatchAsync(notify.Record(Event("given-up", tenant, Channel.Sms, Priority.High)));
        for (var tries = 0; tries < 6; tries++)
        {
            await notify.RunQueuesAsync();
            notify.Clock.Advance(TimeSpan.FromMinutes(10));
        }
        // To be tried again.
        await notify.DispatchAsync(notify.Record(Event("again", tenant, Channel.Sms, Priority.High)));
        await notify.RunQueuesAsync();
        notify.Senders[Channel.Sms].Answer = target => new SendResult.Accepted("m");
        // In a digest's window, due tomorrow, in a lane, to the bare address, by a topic; what cannot be read.
        var now = notify.Clock.GetUtcNow();
        await notify.DispatchAsync(
            notify.Record(Event("digest", tenant, Channel.Email, Priority.Low) with { Type = EventType.Marketing, Category = "offers" }),
            notify.Record(Event("tomorrow", tenant, Channel.Push, Priority.Normal) with { SendAt = now.AddDays(1) }),
            notify.Record(Event("now", tenant, Channel.Push, Priority.Normal) with { Type = EventType.Transactional }),
            notify.Record(Event("address", tenant, Channel.Email,
                Priority.High) with
            {
                Recipients = ["mailto:" + Address(Gone), "tel:+15555554711"],
                Channels = [Channel.Email, Channel.Sms]
            }),
            notify.Record(Event("topic", tenant, Channel.Push, Priority.High) with { Recipients = ["topic:offers"] }),
            notify.Record($$"""{"id":"bad","type":"alert","recipients":["{{Gone}}"],"channels":["pigeon"]}"""));
        await notify.Get<DeadLetterBox>()
            .AddAsync(DeadLetter.From(ChannelQueues.Push, $$"""{"to":"{{Gone}}"}""", "unreadable_message", null, now),
                CancellationToken.None);
        await notify.Get<SuppressionList>()
            .AddAsync(tenant, Channel.Email, Address(Gone), SuppressionSource.Complaint, null, CancellationToken.None);
    }

    private static NotificationEvent Event(string id, string tenant, Channel channel, Priority priority) =>
        TestEvents.Alert(id) with { Tenant = tenant, Channels = [channel], Priority = priority, Recipients = [Gone, Stays] };

    private static string Address(string id) => $"{id}@example.com";

    private static List<string> Sent(NotifyHarness notify) =>
        [.. notify.Senders.Values.SelectMany(sender => sender.Targets).Where(target => target.Recipient != Stays)
            .Select(target => target.AttemptId).Order(StringComparer.Ordinal)];

    private static async Task<string> TakeOrderAsync(NotifyHarness notify)
    {
        var lease = Assert.Single(await notify.Backends.Queues.ReceiveAsync(RecipientErasure.Queue, 32, TimeSpan.FromDays(1),
            CancellationToken.None));
        await notify.Backends.Queues.DeleteAsync(lease, CancellationToken.None);
        return Encoding.UTF8.GetString(lease.Body!.Value.Span);
    }

    // Rows that name the recipient, anywhere in them.
    private static async Task<IReadOnlyList<string>> NamedAsync(ITables tables, IEnumerable<(string Table, string Partition)> partitions)
    {
        string[] names = [Gone, "5554711"];
        var found = new List<string>();
        foreach (var (table, partition) in partitions)
        {
            await foreach (var row in tables.QueryAsync(table, partition, " ", "~~~", CancellationToken.None))
            {
                found.AddRange(row.Properties.SelectMany(property => Texts(property.Value)).Append(row.Key)
                    .Where(text => names.Any(name => text.Contains(name, StringComparison.OrdinalIgnoreCase)))
                    .Select(text => $"{table} {row.Key}: {text}"));
            }
        }
        return found;
    }

    private static IEnumerable<string> Texts(object value)
    {
        switch (value)
        {
            case string text:
                yield return text;
                if (text.Contains("\"br\":", StringComparison.Ordinal))
                {
                    yield return string.Join(' ', EnvelopeSerializer.Read(text).Deliveries.Select(delivery =>
                        $"{delivery.Recipient} {string.Join(' ', delivery.Addresses)}"));
                }
                break;
            case byte[] bytes:
                yield return Encoding.UTF8.GetString(bytes);
                if (TryDecompress(bytes) is { } inside)
                {
                    yield return inside;
                }
                break;
            default:
                break;
        }
    }

    private static string? TryDecompress(byte[] bytes)
    {
        try
        {
            return Encoding.UTF8.GetString(Brotli.Decompress(bytes));
        }
        catch (Exception fault) when (fault is InvalidDataException or InvalidOperationException)
        {
            return null;
        }
    }
}
