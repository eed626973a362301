using Notify.Functions.Contract;
using Notify.Functions.Ledger;

namespace Notify.Functions.Status;

/// <summary>Reads what became of everything that was meant for one recipient, from one range of the ledger.</summary>
public sealed class RecipientDeliveries(DeliveryTable deliveries, KeyedHashes keyedHashes)
{
    /// <summary>
    /// How many deliveries one call looks at, so that a rare status among many does not hold the caller; the next page goes on there.
    /// </summary>
    public const int LookedAt = 2000;

    /// <summary>Whether a page of this recipient can begin behind the cursor.</summary>
    public bool IsCursor(RecipientQuery query, string cursor) =>
        DeliveryId.TryParse(cursor, out var id) && Hashes(query).Contains(id.RecipientHash, StringComparer.Ordinal);

    /// <summary>One page, newest first.</summary>
    /// <param name="query">Whose deliveries, and which of them.</param>
    /// <param name="after">The delivery behind which to begin; <see langword="null"/> for the newest.</param>
    /// <param name="take">How many at most.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<DeliveryPage> ReadAsync(RecipientQuery query, string? after, int take, CancellationToken cancellationToken)
    {
        DeliveryId? from = DeliveryId.TryParse(after, out var id) ? id : null;
        var items = new List<DeliveryView>();
        var (last, looked) = (after, 0);
        // A digest stands before most of what it holds, for its time is the end of their window.
        var digests = new Dictionary<string, DeliveryRecord?>(StringComparer.Ordinal);
        await foreach (var delivery in StreamAsync(query, from, cancellationToken))
        {
            var decision = delivery.Decision;
            if (items.Count == take || looked == LookedAt)
            {
                return new DeliveryPage(items, last);
            }
            (last, looked) = (decision.Id.ToString(), looked + 1);
            if (decision.Members is not null)
            {
                digests[decision.Id.ToString()] = delivery;
            }
            var digest = query.MayTake(decision) ? await DigestOfAsync(decision, digests, cancellationToken) : null;
            if (query.Takes(delivery, digest))
            {
                items.Add(Timeline.Build(delivery, digest) with
                {
                    EventId = decision.Members is null
                    ? decision.EventId : decision.Id.ToString()
                });
            }
        }
        return new DeliveryPage(items, Next: null);
    }

    private IAsyncEnumerable<DeliveryRecord> StreamAsync(RecipientQuery query, DeliveryId? from, CancellationToken cancellationToken) =>
        Hashes(query).SkipWhile(hash => from is { } id && !string.Equals(hash, id.RecipientHash, StringComparison.Ordinal))
            .ToAsyncEnumerable()
            .SelectMany(hash => deliveries.OfRecipientAsync(hash, string.Equals(hash, from?.RecipientHash, StringComparison.Ordinal)
                ? from : null, cancellationToken));

    // What an earlier version kept under the address as it was written is older than everything under its one form.
    private IEnumerable<string> Hashes(RecipientQuery query) =>
        new[] { query.Recipient, query.Written ?? query.Recipient }.Distinct(StringComparer.Ordinal)
            .Select(name => keyedHashes.RecipientHash(query.Tenant, name));

    private async Task<DeliveryRecord?> DigestOfAsync(
        DecisionRow decision, Dictionary<string, DeliveryRecord?> known, CancellationToken cancellationToken)
    {
        if (decision.Digest is not { } id)
        {
            return null;
        }
        if (!known.TryGetValue(id, out var digest))
        {
            known[id] = digest = await deliveries.FindDigestOfAsync(decision, cancellationToken);
        }
        return digest;
    }
}

/// <summary>Whose deliveries are asked for, and which of them.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Recipient">The recipient as producers name it.</param>
/// <param name="Channel">Only this channel.</param>
/// <param name="Status">Only this status.</param>
public sealed record RecipientQuery(string? Tenant, string Recipient, Channel? Channel = null, DeliveryStatus? Status = null)
{
    /// <summary>The recipient as the caller writes it, where that is not its one form.</summary>
    public string? Written { get; init; }

    internal bool MayTake(DecisionRow decision) => Channel is null || decision.Id.Channel == Channel;

    internal bool Takes(DeliveryRecord delivery, DeliveryRecord? digest) =>
        MayTake(delivery.Decision) && (Status is null || StatusRule.Apply(delivery, digest) == Status);
}

/// <summary>One page of a recipient's deliveries.</summary>
/// <param name="Items">The deliveries, newest first; possibly none although more follow.</param>
/// <param name="Next">Where the next page begins; absent on the last.</param>
public sealed record DeliveryPage(IReadOnlyList<DeliveryView> Items, string? Next);
