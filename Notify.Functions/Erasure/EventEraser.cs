using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;

namespace Notify.Functions.Erasure;

/// <summary>
/// Takes a recipient's name out of events' heads, with the deduplication key, in which it may stand too, and the fingerprint of what was
/// said; where nobody else is left, what the event said too.
/// </summary>
public sealed class EventEraser(ITables tables, DeduplicationKeys keys, KeyedHashes keyedHashes)
{
    private static readonly JsonElement Nothing = JsonDocument.Parse("""{"message":"erased"}""").RootElement;

    /// <summary>Goes through the events of these hashes.</summary>
    internal async Task EraseAsync(
        string recipientHash, IEnumerable<string> events, ErasureCounts found, CancellationToken cancellationToken)
    {
        foreach (var hash in events)
        {
            while (true)
            {
                if (await tables.GetAsync(TableNames.Events, KeyedHashes.PartitionOf(hash), hash, cancellationToken) is not { } row
                    || !EventRecord.IsHead(row))
                {
                    break;
                }
                var head = EventRecord.From(row);
                if (Without(head.Event, recipientHash) is not { } without)
                {
                    break;
                }
                // While the head still has the key, by which the other rows are found.
                await keys.ForgetAsync(head.Event, cancellationToken);
                var outcome = await tables.WriteAsync(TableNames.Events,
                    [TableWrite.Replace(EventRecord.WithContent(row, without), row.ETag)], cancellationToken);
                if (outcome.IsDone)
                {
                    found.Add(TableNames.Events);
                    break;
                }
            }
        }
    }

    private NotificationEvent? Without(NotificationEvent notification, string recipientHash)
    {
        bool Is(string recipient) =>
            !ErasedIds.TryRead(recipient, out _)
            && string.Equals(keyedHashes.RecipientHash(notification.Tenant, recipient), recipientHash, StringComparison.Ordinal);
        if (!notification.Named.Any(Is))
        {
            return null;
        }
        string[] recipients = [.. notification.Recipients.Select(recipient => !AddressSyntax.IsTopic(recipient) && Is(recipient)
            ? ErasedIds.For(recipientHash) : recipient)];
        var isLast = recipients.All(recipient => ErasedIds.TryRead(recipient, out _));
        return notification with
        {
            Recipients = recipients,
            DeduplicationKey = null,
            Payload = isLast ? Nothing : notification.Payload,
            Template = isLast ? null : notification.Template,
        };
    }
}
