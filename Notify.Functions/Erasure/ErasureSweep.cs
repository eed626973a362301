using Microsoft.Extensions.Logging;
using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Topics;

namespace Notify.Functions.Erasure;

/// <summary>
/// Erases everything that names a recipient, table by table; and once more after <see cref="LookAgain"/>, when all work that was in
/// progress has ended. Every step may be repeated.
/// </summary>
public sealed partial class ErasureSweep(
    IQueues queues, TopicSubscribers topics, DeliveryEraser deliveries, EventEraser events, AuxiliaryDataEraser leftovers,
    RecipientRowEraser row, TransientFaultRetry retry, ILogger<ErasureSweep> logger)
{
    /// <summary>
    /// After this whatever a process had in hand when the mark was set has come to an end: a queue message is leased for ten minutes.
    /// </summary>
    public static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(15);

    /// <summary>Goes through everything once.</summary>
    public Task EraseAsync(EraseRecipientCommand command, CancellationToken cancellationToken) =>
        retry.RunAsync(token => SweepAsync(command, token), cancellationToken);

    private async Task SweepAsync(EraseRecipientCommand command, CancellationToken cancellationToken)
    {
        var found = new ErasureCounts();
        var isFirst = command.Recipients.Count > 0;
        foreach (var name in command.Recipients)
        {
            await foreach (var subscription in topics.TopicsOfAsync(command.Tenant, name, after: null, cancellationToken))
            {
                await topics.UnsubscribeAsync(command.Tenant, subscription.Topic, name, cancellationToken);
                found.Add(TableNames.Topics);
            }
        }
        foreach (var hash in command.Hashes)
        {
            var about = await deliveries.EraseAsync(hash, found, cancellationToken);
            await events.EraseAsync(hash, about, found, cancellationToken);
            await leftovers.EraseAsync(hash, found, cancellationToken);
        }
        if (isFirst)
        {
            await leftovers.EraseNamedAsync([.. command.Recipients, .. command.Addresses], found, cancellationToken);
            // Again, without a name in it, before the names are gone from the rows.
            await queues.SendAsync(RecipientErasure.Queue, (command with { Recipients = [], Addresses = [], Rescued = false }).Write(),
                LookAgain, cancellationToken);
        }
        foreach (var hash in command.Hashes)
        {
            await row.FinishAsync(hash, command, isFirst ? ErasureReport.Erased : ErasureReport.Verified, found, cancellationToken);
        }
        Erased(command.RowHash, found.All.Values.Sum(), isFirst ? "now" : "when it was looked for again");
    }

    [LoggerMessage(EventId = 1611, Level = LogLevel.Information, Message = "Recipient {hash} erased from {count} rows, {when}")]
    private partial void Erased(string hash, int count, string when);
}
