using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Rules;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>
/// Leaves out what the recipient's own rules have come to forbid since it was decided: an address that is dead, something unsubscribed
/// from. What was decided a moment ago was asked a moment ago; a digest is asked for each of its members, always.
/// </summary>
public sealed class RecipientRulesRecheck(RecipientRules rules, AttemptJournal journal, TimeProvider time)
{
    /// <summary>A first attempt at an event that is younger than this is not looked at again.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromMinutes(1);

    /// <summary>The deliveries that are still to be sent; the others are recorded as suppressed.</summary>
    public async Task<IReadOnlyList<SendWork>> LeaveOutAsync(
        Channel channel, IReadOnlyList<SendWork> chunk, ChunkProfiles profiles, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var suppressed = new HashSet<SendWork>(ReferenceEqualityComparer.Instance);
        foreach (var tenant in chunk.Where(work => work.Event.Digest is null
            && (work.Attempt.Number > 1 || now - work.Attempt.Delivery.CreatedAt > Moment))
            .GroupBy(work => work.Event.Tenant, StringComparer.Ordinal))
        {
            foreach (var (work, rule) in await ForbiddenAsync(channel, tenant.Key, [.. tenant], profiles, cancellationToken))
            {
                await journal.WithholdAsync(work, new Decision(DecisionKind.Suppress, rule), cancellationToken);
                suppressed.Add(work);
            }
        }
        return suppressed.Count == 0 ? chunk : [.. chunk.Where(work => !suppressed.Contains(work))];
    }

    private async Task<IReadOnlyList<(SendWork Work, string Rule)>> ForbiddenAsync(
        Channel channel, string? tenant, IReadOnlyList<SendWork> chunk, ChunkProfiles profiles, CancellationToken cancellationToken)
    {
        var known = await profiles.FindAsync(tenant, chunk.Select(work => work.Delivery.Recipient), cancellationToken);
        var erased = chunk.Where(work =>
            known.GetValueOrDefault(work.Delivery.Recipient)?.IsErasedFor(work.Attempt.Delivery.CreatedAt) is true).ToList();
        var forbidden = from work in chunk.Except(erased)
                        where known.ContainsKey(work.Delivery.Recipient)
                        let question = new RecipientQuestion(
                            work.Event.Type, work.Event.Priority, work.Event.Category, channel, known[work.Delivery.Recipient])
                        let rule = rules.Rule(question).SuppressedBy
                        where rule is not null
                        select (work, rule);
        return [.. erased.Select(work => (work, DeliveryReasons.Erased)), .. forbidden];
    }
}
