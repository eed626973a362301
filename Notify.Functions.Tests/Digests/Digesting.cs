using Notify.Functions.Contract;
using Notify.Functions.Digests;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Preferences;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Digests;

/// <summary>What the tests of digests have in common: low events to <c>user_1</c> by email.</summary>
internal static class Digesting
{
    /// <summary>An event that waits for a digest.</summary>
    public static NotificationEvent Item(string id, string? category) => TestEvents.Alert(id) with
    {
        Priority = Priority.Low,
        Channels = [Channel.Email],
        Category = category,
        Payload = TestEvents.Json($$"""{"title":"Title of {{id}}","message":"Text of {{id}}."}"""),
    };

    /// <summary>The service, with a recipient whose items wait.</summary>
    public static async Task<NotifyHarness> HarnessAsync(params NotificationEvent[] items)
    {
        var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");
        await notify.DispatchAsync([.. items.Select(item => notify.Record(item))]);
        return notify;
    }

    /// <summary>Lets the window end, and closes it; nothing is sent yet.</summary>
    public static async Task CloseAsync(this NotifyHarness notify)
    {
        notify.Clock.Advance(TimeSpan.FromMinutes(5));
        await notify.CloseDueAsync();
    }

    /// <summary>Closes what is due; nothing is sent yet.</summary>
    public static async Task CloseDueAsync(this NotifyHarness notify)
    {
        foreach (var partition in KeyedHashes.Partitions)
        {
            await notify.Get<DigestBuilder>()
                .CloseAsync(new CloseDigestsCommand(partition, notify.Clock.GetUtcNow()), CancellationToken.None);
        }
    }

    /// <summary>Lets the window end, closes it and sends what was closed.</summary>
    public static async Task CloseAndSendAsync(this NotifyHarness notify)
    {
        await notify.CloseAsync();
        await notify.RunQueuesAsync();
    }

    /// <summary>A choice of <c>user_1</c>.</summary>
    public static Task ChooseAsync(this NotifyHarness notify, string what, bool wanted = false, ChoiceVia via = ChoiceVia.Api) =>
        notify.Get<PreferenceStore>().ChangeAsync(
        notify.Get<RecipientRows>().HashOf(null, "user_1"), "user_1", via,
        before => before.With(what, new Choice(wanted, notify.Clock.GetUtcNow(), "user_1", via)), CancellationToken.None);

    /// <summary>Another profile for <c>user_1</c>.</summary>
    public static Task PutAsync(this NotifyHarness notify, RecipientProfile profile) =>
        notify.Get<TableRecipientDirectory>().PutAsync(profile, CancellationToken.None);

    /// <summary>Status and reason of an event's only delivery.</summary>
    public static async Task<string> FateAsync(this NotifyHarness notify, string id)
    {
        var delivery = await notify.ReadOnlyDeliveryAsync(id);
        return $"{delivery.Status} {delivery.Reason}";
    }
}
