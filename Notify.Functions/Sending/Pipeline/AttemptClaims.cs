using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Profiles;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>
/// Inserts the attempt rows of a chunk before anything is sent. Who inserts a row may send, while its lease lasts; who finds it there must
/// not.
/// </summary>
public sealed partial class AttemptClaims(
    DeliveryTable deliveries, AddressHashes addresses, TransientFaultRetry retry, Shutdown shutdown, SendLeases leases,
    IOptions<SendingOptions> options, TimeProvider time, ILogger<AttemptClaims> logger)
{
    /// <summary>Claims what nobody has claimed. The process does not end before the result is disposed of.</summary>
    /// <exception cref="StoppingException">The process is to end; nothing was claimed.</exception>
    public async Task<ClaimedChunk> ClaimAsync(IReadOnlyList<SendWork> chunk, string provider, CancellationToken cancellationToken)
    {
        var inHand = shutdown.Begin();
        try
        {
            var claim = Guid.NewGuid().ToString("N");
            var lease = leases.Begin();
            var (own, conflicts) = await InsertAsync(chunk, claim, provider, cancellationToken);
            var isInTime = lease.IsWorthwhile;
            return new ClaimedChunk(claim, lease, isInTime ? own : [], conflicts, isInTime ? [] : own, inHand);
        }
        catch
        {
            inHand.Dispose();
            throw;
        }
    }

    /// <summary>Says early that nothing can be claimed any more.</summary>
    /// <exception cref="StoppingException">The process is to end.</exception>
    public void ThrowIfStopping() => shutdown.ThrowIfStopping();

    private async Task<(IReadOnlyList<SendWork> Own, IReadOnlyList<ClaimConflict> Conflicts)> InsertAsync(
        IReadOnlyList<SendWork> chunk, string claim, string provider, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var rows = chunk.Select(work => new AttemptRow
        {
            Id = work.Attempt,
            At = now,
            Claim = claim,
            Deadline = now + options.Value.ClaimLength,
            Provider = provider,
            Address = AddressOf(work),
            TraceParent = work.Event.TraceParent,
        }).ToList();
        var existing = await retry.RunAsync(token => deliveries.InsertAttemptsAsync(rows, token), cancellationToken);
        var own = new List<SendWork>();
        var conflicts = new List<ClaimConflict>();
        foreach (var work in chunk)
        {
            // Our own claim may be found when storage answered late and the insert was repeated; by then somebody may have settled it.
            if (!existing.TryGetValue(work.Attempt, out var found)
                || (string.Equals(found.Claim, claim, StringComparison.Ordinal) && !found.HasOutcome))
            {
                own.Add(work);
            }
            else
            {
                conflicts.Add(new ClaimConflict(work, found));
            }
        }
        return (own, conflicts);
    }

    // Reports name the attempt, and the recipient may have another address by then. Of several push tokens no report says which.
    private string? AddressOf(SendWork work) =>
        work.Attempt.Delivery.Channel is Channel.Email or Channel.Sms && work.Delivery.Addresses is [var address]
            ? addresses.Compute(work.Event.Tenant, work.Attempt.Delivery.Channel, address)
            : null;

    /// <summary>
    /// Leaves out what the attempt before has settled. An answer that was lost may have been found since: its sender could record it
    /// after all, or the provider has reported the message. Then another attempt would be the second message.
    /// </summary>
    public async Task<IReadOnlyList<SendWork>> WithoutSettledAsync(IReadOnlyList<SendWork> chunk, CancellationToken cancellationToken)
    {
        var before = chunk.Where(work => work.Attempt.Number > 1).Select(work =>
            work.Attempt with { Number = work.Attempt.Number - 1 }).ToList();
        if (before.Count == 0)
        {
            return chunk;
        }
        var earlier = await retry.RunAsync(token => deliveries.FindAttemptsAsync(before, token), cancellationToken);
        var settled = earlier.Values
            .Where(attempt => attempt.IsAtProvider)
            .Select(attempt => attempt.Id.Delivery)
            .ToHashSet();
        if (settled.Count > 0)
        {
            Settled(settled.Count);
        }
        return [.. chunk.Where(work => work.Attempt.Number == 1 || !settled.Contains(work.Attempt.Delivery))];
    }

    [LoggerMessage(EventId = 2301, Level = LogLevel.Information,
        Message = "{count} deliveries need no further attempt: the one before has arrived after all")]
    private partial void Settled(int count);
}

/// <summary>What a claim brought.</summary>
/// <param name="Claim">The claim's name.</param>
/// <param name="Lease">How long what was won may be sent.</param>
/// <param name="Won">Ours to send.</param>
/// <param name="Conflicts">Somebody's already.</param>
/// <param name="TooLate">Ours, and not to be sent: the rows were inserted too slowly.</param>
/// <param name="InHand">Holds the process until what was won is written down.</param>
public sealed record ClaimedChunk(
    string Claim, Lease Lease, IReadOnlyList<SendWork> Won, IReadOnlyList<ClaimConflict> Conflicts, IReadOnlyList<SendWork> TooLate,
    IDisposable InHand) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => InHand.Dispose();
}

/// <summary>An attempt that was there already, as it stands.</summary>
public sealed record ClaimConflict(SendWork Work, AttemptRow Found);
