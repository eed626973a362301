using Microsoft.Extensions.Logging;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Sending;
using Notify.Functions.Telemetry;

namespace Notify.Functions.Digests;

/// <summary>Ends digest items that the rules forbid by the time their digest is built.</summary>
public sealed partial class DigestWithholding(
    DeliveryTable deliveries, NotifyMetrics metrics, TimeProvider time, ILogger<DigestWithholding> logger)
{
    /// <summary>Ends the items, each with its reason, in one transaction. Changes nothing if another run has taken one of them.</summary>
    public async Task<(IReadOnlyList<DigestItem> Taken, TableOutcome Outcome)> WithholdAsync(
        IReadOnlyList<(DigestItem Item, Decision Decision)> withheld, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var outcome = await deliveries.WithholdItemsAsync(
            [.. withheld.Select(one => (one.Item, DigestEntryRules.Ending(one.Item.Entry, one.Decision, now)))], cancellationToken);
        if (outcome.IsDone)
        {
            foreach (var (item, decision) in withheld)
            {
                metrics.Withheld(item.Delivery.Channel, decision.Reason);
            }
            LeftOut(withheld[0].Item.Delivery.ToString(), withheld.Count, withheld[0].Decision.Reason);
        }
        return ([.. withheld.Select(one => one.Item)], outcome);
    }

    [LoggerMessage(EventId = 3011, Level = LogLevel.Information,
        Message = "The digest of {first} leaves out {items} items that the rules forbid by now (first: {reason})")]
    private partial void LeftOut(string first, int items, string reason);
}
