using Microsoft.Extensions.Options;
using Notify.Functions.Ledger;
using Notify.Functions.Telemetry;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>
/// Puts off what cannot go now. It costs no attempt; but what has had no provider for too long is given up, as a dead letter.
/// </summary>
public sealed class Deferrals(AttemptJournal journal, IOptions<SendingOptions> options, NotifyMetrics metrics, TimeProvider time)
{
    /// <summary>The reason of deliveries that have waited for a provider in vain.</summary>
    public const string NoProvider = DeliveryReasons.RetriesUsedUp + ": no_provider";

    /// <summary>Enqueues the deliveries again, as the same attempts, or gives them up.</summary>
    public async Task DeferAsync(IReadOnlyList<WaitingWork> waiting, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var inVain = waiting.ToLookup(one => one.Deferral.WithoutProviderSince is { } since
            && now - since > options.Value.Patience(one.Work.Event.Priority));
        await journal.EnqueueAsync(inVain[false].Select(one => one.Work.Again(one.Delay, one.Deferral)), cancellationToken);
        foreach (var same in inVain[false].GroupBy(one =>
            (one.Work.Attempt.Delivery.Channel, Reason: one.Deferral.WithoutProviderSince is null ? "rate" : one.Why is null
                ? "circuit" : "account")))
        {
            metrics.Deferred(same.Key.Channel, same.Key.Reason, same.Count());
        }
        foreach (var same in inVain[true].GroupBy(one => one.Why, StringComparer.Ordinal))
        {
            var reason = same.Key is { } why ? $"{NoProvider}: {why}" : NoProvider;
            await journal.GiveUpAsync([.. same.Select(one => one.Work)], reason, cancellationToken);
        }
    }
}
