using Microsoft.Extensions.DependencyInjection;
using Notify.Functions.Contract;
using Notify.Functions.Digests;
using Notify.Functions.Erasure;
using Notify.Functions.Functions.Queues;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Preferences;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Suppressions;
using Notify.Functions.Recipients.Topics;
using Notify.Functions.Reports;
using Notify.Functions.Sending;
using Notify.Functions.Sending.DeadLetters;
using Notify.Functions.Tests.Cancellation;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Upgrades;

/// <summary>
/// Brings a service into a state in which there is one of everything that is kept: sent, waiting, given up, cancelled, half done.
/// </summary>
internal static class StateFiller
{
    private static readonly string[] Everybody = ["user_1", "user_2"];

    private static readonly System.Text.Json.JsonElement Payload =
        TestEvents.Json("""{"title":"Sign-in","message":"Somebody signed in from a new device.","url":"https://example.com/devices"}""");

    /// <summary>Every event that was dispatched or cancelled.</summary>
    public static IReadOnlyList<string> Events { get; } =
    [
        "reported", "again", "refused", "lost", "dropped", "given-up", "inbox", "early", "closed", "waiting", "withdrawn", "tomorrow",
        "first", "second",
        "lane", "urgent", "topic", "erased", "retried", "late", "stopped", "digested",
    ];

    public static async Task FillAsync(NotifyHarness notify)
    {
        await PeopleAsync(notify);
        await ReportedAsync(notify);
        await FailedAsync(notify);
        await StoppedAsync(notify);
        await CancelledAsync(notify);
        await DigestsAsync(notify);
        await PendingAsync(notify);
    }

    /// <summary>Lets everything come to its end, and says what that was.</summary>
    public static async Task<IReadOnlyList<string>> FinishAsync(NotifyHarness notify)
    {
        await notify.RunHoursAsync(30);
        var ending = new List<string>();
        foreach (var id in Events)
        {
            var view = await notify.ReadAsync(id);
            ending.AddRange(view.Deliveries.Select(one => $"{id} {one.Recipient} {one.Channel}: {one.Status} {one.Reason}"));
        }
        ending.AddRange(notify.Senders.Values.SelectMany(sender => sender.Targets).Select(target => $"sent: {target.AttemptId}")
            .Order(StringComparer.Ordinal));
        return ending;
    }

    private static async Task PeopleAsync(NotifyHarness notify)
    {
        var directory = notify.Get<TableRecipientDirectory>();
        foreach (var id in Everybody.Concat(["user_8", "user_9"]))
        {
            await directory.PutAsync(
                new RecipientProfile
                {
                    Id = id,
                    Email = $"{id}@example.com",
                    Phone = "+1555555010" + id[^1],
                    PushTokens = [$"token-{id}"],
                    Locale = "de-AT",
                    TimeZone = "Europe/Vienna"
                },
                CancellationToken.None);
            await notify.Get<TopicSubscribers>().SubscribeAsync(null, "offers", [id], CancellationToken.None);
        }
        await notify.Get<PreferenceStore>().ChangeAsync(
            notify.Get<RecipientRows>().HashOf(null, "user_1"), "user_1", ChoiceVia.Api,
            before => before.With("category:news", new Choice(Wanted: false, notify.Clock.GetUtcNow(), "user_1", ChoiceVia.Api)),
            CancellationToken.None);
        await notify.Get<SuppressionList>()
            .AddAsync(null, Channel.Email, "somebody@example.com", SuppressionSource.Complaint, "said so", CancellationToken.None);
    }

    private static async Task ReportedAsync(NotifyHarness notify)
    {
        await DispatchAsync(notify, Event("reported", Priority.High, Channel.Email, Channel.Sms,
            Channel.Push) with
        { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" });
        await notify.RunQueuesAsync();
        var now = notify.Clock.GetUtcNow();
        var attempts = (await notify.ReadAsync("reported")).Deliveries.ToDictionary(one => one.Recipient + " " + one.Channel, one => one.Id
            + "~1", StringComparer.Ordinal);
        ProviderReport Report(string attempt, ReportedFact fact, int seconds) =>
            new(attempts[attempt], "their-" + seconds, fact, now.AddSeconds(seconds)) { ReportId = "report-" + seconds };
        ProviderReport[] reports =
        [
            Report("user_1 email", ReportedFact.Delivered, 1), Report("user_1 email", ReportedFact.Opened, 9),
            Report("user_1 email", ReportedFact.Opened, 5),
            Report("user_1 email", ReportedFact.Clicked, 11), Report("user_1 email", ReportedFact.Complained, 12),
            Report("user_1 email", ReportedFact.Unsubscribed, 13),
            Report("user_2 email", ReportedFact.Bounced, 2) with { Detail = "550 5.1.1", Effect = ReportEffect.SuppressAddress },
            Report("user_1 sms", ReportedFact.Sent, 3), Report("user_2 sms", ReportedFact.Failed, 4) with { Detail = "30005" },
        ];
        await notify.Get<ReportRecorder>().MergeAsync("sendgrid", reports, CancellationToken.None);
        await notify.Get<ReportedAddressSuppressor>().SuppressAsync("sendgrid", reports, CancellationToken.None);
    }

    private static async Task FailedAsync(NotifyHarness notify)
    {
        var (sms, push) = (notify.Senders[Channel.Sms], notify.Senders[Channel.Push]);
        sms.Answer = _ => new SendResult.Unavailable("503", TimeSpan.FromSeconds(6));
        await DispatchAsync(notify, Event("given-up", Priority.High, Channel.Sms));
        for (var tries = 0; tries < 6; tries++)
        {
            await notify.RunQueuesAsync();
            notify.Clock.Advance(TimeSpan.FromMinutes(10));
        }
        await DispatchAsync(notify, Event("again", Priority.High, Channel.Sms));
        await notify.RunQueuesAsync();
        sms.Answer = _ => new SendResult.Rejected("21211", AddressIsDead: false);
        await DispatchAsync(notify, Event("refused", Priority.High, Channel.Sms));
        push.Answer = _ => new SendResult.Unknown("timeout");
        await DispatchAsync(notify, Event("lost", Priority.High, Channel.Push),
            Event("dropped", Priority.High, Channel.Push) with { Type = EventType.Marketing });
        await notify.RunQueuesAsync();
        sms.Answer = push.Answer = target => new SendResult.Accepted("m-" + target.AttemptId);
        await DispatchAsync(notify, Event("inbox", Priority.High, Channel.InApp));
        await notify.RunQueuesAsync();
        await notify.DispatchAsync(notify.Record("""{"id":"bad","type":"alert","recipients":["user_1"],"channels":["pigeon"]}"""));
        await notify.Get<DeadLetterBox>().AddAsync(
            DeadLetter.From(ChannelQueues.Push, """{"to":"user_1"}""", "unreadable_message", "It is not an envelope.",
                notify.Clock.GetUtcNow()), CancellationToken.None);
    }

    // Decided in time and sent too late; decided before the address was refused, and sent after.
    private static async Task StoppedAsync(NotifyHarness notify)
    {
        await DispatchAsync(
            notify, Event("late", Priority.Normal, Channel.Push) with { ExpiresAt = notify.Clock.GetUtcNow().AddMinutes(30) },
            Event("stopped", Priority.Normal, Channel.Sms) with { Recipients = ["user_8"] });
        notify.Clock.Advance(TimeSpan.FromHours(1));
        await notify.Get<SuppressionList>()
            .AddAsync(null, Channel.Sms, "+15555550108", SuppressionSource.Unsubscribe, null, CancellationToken.None);
        await notify.RunQueuesAsync();
    }

    private static async Task CancelledAsync(NotifyHarness notify)
    {
        await notify.TryCancelAsync("user_2", Channel.Push, "early");
        await DispatchAsync(notify, Event("early", Priority.High, Channel.Push));
        await DispatchAsync(notify, Event("withdrawn", Priority.Low, Channel.Email) with
        {
            Type = EventType.Marketing,
            Category = "offers"
        });
        await notify.TryCancelAsync(id: "withdrawn");
        var push = notify.Senders[Channel.Push];
        push.Answer = _ => new SendResult.Unavailable("503", TimeSpan.FromSeconds(6));
        await DispatchAsync(notify, Event("retried", Priority.High, Channel.Push));
        await notify.RunQueuesAsync();
        push.Answer = target => new SendResult.Accepted("m-" + target.AttemptId);
        await notify.TryCancelAsync(id: "retried");
    }

    // One is sent, one is closed by a run that dies before it has enqueued anything, one waits for its window, one for tomorrow.
    private static async Task DigestsAsync(NotifyHarness notify)
    {
        await DispatchAsync(notify, Event("digested", Priority.Low, Channel.Email) with
        {
            Type = EventType.Marketing,
            Category = "offers"
        });
        notify.Clock.Advance(TimeSpan.FromMinutes(10));
        await notify.Get<DigestSchedule>().EnqueueDueAsync(openToo: false, CancellationToken.None);
        await notify.RunQueuesAsync();
        await DispatchAsync(notify, Event("closed", Priority.Low, Channel.Email) with { Type = EventType.Marketing, Category = "offers" });
        notify.Clock.Advance(TimeSpan.FromMinutes(10));
        await notify.Get<DigestSchedule>().EnqueueDueAsync(openToo: false, CancellationToken.None);
        var watching = notify.Tables.AfterWrite;
        notify.Tables.AfterWrite = async (table, writes) =>
        {
            await watching(table, writes);
            if (writes.Any(write => write.Kind == TableWriteKind.Insert && write.Row.Key.StartsWith("!o|", StringComparison.Ordinal)))
            {
                throw new InvalidOperationException("dies");
            }
        };
        foreach (var lease in await notify.Backends.Queues.ReceiveAsync(DigestSettings.Queue, 32, TimeSpan.FromMinutes(1),
            CancellationToken.None))
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() =>
                ActivatorUtilities.CreateInstance<CloseDigestsFunction>(notify.Get<IServiceProvider>())
                .CloseDigests(System.Text.Encoding.UTF8.GetString(lease.Body!.Value.Span), CancellationToken.None));
        }
        notify.Tables.AfterWrite = watching;
        await DispatchAsync(notify, Event("waiting", Priority.Low, Channel.Email, Channel.Push) with
        {
            Type = EventType.Marketing,
            Category = "offers"
        });
        await DispatchAsync(notify, Event("tomorrow", Priority.Normal, Channel.Push) with { SendAt = notify.Clock.GetUtcNow().AddDays(1) });
    }

    // What is decided or ordered, and not begun.
    private static async Task PendingAsync(NotifyHarness notify)
    {
        await DispatchAsync(notify, Event("first", Priority.Normal, Channel.Push) with { DeduplicationKey = "one" },
            Event("second", Priority.Normal, Channel.Push) with { DeduplicationKey = "one" });
        await DispatchAsync(notify, Event("lane", Priority.Normal, Channel.Email, Channel.Sms, Channel.InApp),
            Event("urgent", Priority.Critical, Channel.Sms, Channel.Push));
        await DispatchAsync(notify, Event("topic", Priority.High, Channel.Push) with { Recipients = ["topic:offers", "user_1"] });
        await DispatchAsync(notify, Event("erased", Priority.High, Channel.Push) with { Recipients = ["user_9"] });
        await notify.Get<RecipientErasure>().BeginAsync(null, "user_9", CancellationToken.None);
    }

    private static Task DispatchAsync(NotifyHarness notify, params NotificationEvent[] events) =>
        notify.DispatchAsync([.. events.Select(one => notify.Record(one))]);

    private static NotificationEvent Event(string id, Priority priority, params Channel[] channels) =>
        TestEvents.Alert(id) with { Priority = priority, Channels = channels, Recipients = Everybody, Payload = Payload };
}
