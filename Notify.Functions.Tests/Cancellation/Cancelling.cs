using Notify.Functions.Cancellation;
using Notify.Functions.Contract;
using Notify.Functions.Digests;
using Notify.Functions.Ledger;
using Notify.Functions.Sending;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Cancellation;

/// <summary>What the tests of cancellation have in common.</summary>
internal static class Cancelling
{
    public static NotificationEvent Event { get; } =
        TestEvents.Alert() with { Recipients = ["user_1", "user_2"], Channels = [Channel.Email, Channel.Push] };

    public static NotificationEvent Batched { get; } = Event with { Priority = Priority.Low, Channels = [Channel.Email] };

    public static async Task<NotifyHarness> HarnessAsync()
    {
        var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");
        await notify.AddRecipientAsync("user_2");
        return notify;
    }

    public static Task<CancellationResult> TryCancelAsync(
        this NotifyHarness notify, string? recipient = null, Channel? channel = null, string id = "e1", string? tenant = null) =>
        notify.Get<EventCancellation>().CancelAsync(new CancellationScope(tenant, id, recipient, channel), CancellationToken.None);

    public static async Task<CancellationView> CancelAsync(
        this NotifyHarness notify, string? recipient = null, Channel? channel = null, string id = "e1", string? tenant = null)
    {
        var result = await notify.TryCancelAsync(recipient, channel, id, tenant);
        return result.View ?? throw new InvalidOperationException("Not cancelled: " + result.Fault);
    }

    /// <summary>Lets every retry, claim and window run out.</summary>
    public static async Task RunToTheEndAsync(this NotifyHarness notify)
    {
        for (var round = 0; round < 8; round++)
        {
            await notify.RunQueuesAsync();
            notify.Clock.Advance(TimeSpan.FromMinutes(5));
            await notify.Get<DigestSchedule>().EnqueueDueAsync(openToo: false, CancellationToken.None);
        }
        await notify.RunQueuesAsync();
    }

    /// <summary>Recipient, channel and status of everything, in order.</summary>
    public static async Task<IReadOnlyList<string>> StatusesAsync(this NotifyHarness notify) =>
        [.. (await notify.ReadAsync("e1")).Deliveries.Select(one => $"{one.Recipient} {one.Channel} {one.Status}")
            .Order(StringComparer.Ordinal)];

    public static IReadOnlyList<string> Cancelled(CancellationView view) =>
        [.. view.Deliveries.Where(one => one.Cancelled).Select(one => one.Id)];

    /// <summary>The deliveries that a provider was given, by id; a digest's by those of its members.</summary>
    public static async Task<IReadOnlyList<string>> SentAsync(this NotifyHarness notify, bool acceptedOnly = false)
    {
        var sent = new List<string>();
        foreach (var target in notify.Senders.Values.SelectMany(sender =>
            sender.Targets.Where(target => !acceptedOnly || sender.Answer(target) is SendResult.Accepted)))
        {
            Assert.True(AttemptId.TryParse(target.AttemptId, out var id));
            var found = await notify.Get<DeliveryTable>().FindAsync(id.Delivery, CancellationToken.None);
            sent.AddRange(found!.Decision.Members?.Split(' ') ?? [id.Delivery.ToString()]);
        }
        return sent;
    }
}
