using Notify.Functions.Contract;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Rules;

namespace Notify.Functions.Dispatch.Decisions;

/// <summary>Gathers what decides deliveries: who the recipients are and what their own rules say.</summary>
public sealed class DecisionInputLoader(TableRecipientDirectory directory, RecipientRules rules)
{
    /// <summary>A case for each (event, recipient, channel), in order.</summary>
    public async Task<IReadOnlyList<DecisionInput>> OfAsync(
        IReadOnlyList<(NotificationEvent Event, string Recipient, Channel Channel)> deliveries, CancellationToken cancellationToken)
    {
        var known = new Dictionary<(string?, string), RecipientProfile>();
        foreach (var tenant in deliveries.GroupBy(delivery => delivery.Event.Tenant, StringComparer.Ordinal))
        {
            var named = tenant.Select(delivery => delivery.Recipient).Distinct(StringComparer.Ordinal).ToList();
            foreach (var (id, profile) in await directory.FindAsync(tenant.Key, named, cancellationToken))
            {
                known[(tenant.Key, id)] = profile;
            }
        }
        var cases = deliveries.Select(one =>
            new DecisionInput(one.Event, one.Channel, known.GetValueOrDefault((one.Event.Tenant, one.Recipient))));
        return [.. cases.Select(one => one.Recipient is { } recipient
            ? one with { Ruling = rules.Rule(RecipientQuestion.About(one.Event, one.Channel, recipient)) }
            : one)];
    }
}
