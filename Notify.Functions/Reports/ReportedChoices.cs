using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Preferences;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Rules;
using Notify.Functions.Recipients.Unsubscribe;

namespace Notify.Functions.Reports;

/// <summary>
/// Keeps what recipients have chosen at a provider about one kind of mail: for us that is the category of the mail's event, as with our own
/// unsubscribe link. What has no such link (transactional, of a required category, digests, which are of several kinds) is not concerned.
/// </summary>
public sealed partial class ReportedChoices(
    DeliveryTable deliveries, EventHeads events, PreferenceStore preferences, RecipientRows rows, IOptions<RecipientsOptions> options,
    ILogger<ReportedChoices> logger)
{
    /// <summary>
    /// Makes the choices that the reports tell of. Safe to repeat; throws where storage is away, so that the provider calls again.
    /// </summary>
    public async Task ChooseAsync(string provider, IReadOnlyList<ProviderReport> reports, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var report in reports.Where(report => report.Effect is ReportEffect.RefuseCategory or ReportEffect.WantCategory))
        {
            if (AttemptId.TryParse(report.AttemptId, out var attempt)
                && await RefusableAsync(attempt.Delivery, cancellationToken) is var (hash, key))
            {
                await preferences.ChangeAsync(hash, EmailChoices.By, ChoiceVia.Provider, before => Choose(before, key, report),
                    cancellationToken);
                count++;
            }
        }
        if (count > 0)
        {
            Chosen(provider, count);
        }
    }

    // Reports come in any order: the last by its time counts. What was refused by another way is not taken back by a provider.
    private static PreferenceSet Choose(PreferenceSet before, string key, ProviderReport report)
    {
        var wanted = report.Effect == ReportEffect.WantCategory;
        return before.ChoiceFor(key) is { } known && (known.At >= report.At || (wanted && known.Via != ChoiceVia.Provider))
            ? before
            : before.With(key, new Choice(wanted, report.At, EmailChoices.By, ChoiceVia.Provider));
    }

    private async Task<(string Hash, string Key)?> RefusableAsync(DeliveryId delivery, CancellationToken cancellationToken)
    {
        if (await deliveries.FindDecisionAsync(delivery, cancellationToken) is not { } decision || decision.Type == EventType.Transactional
            || ErasedIds.TryRead(decision.Recipient, out _)
            || await events.FindAsync(decision.Tenant, decision.EventId, cancellationToken) is not { } head)
        {
            return null;
        }
        var category = PreferenceRules.CategoryOf(decision.Type, head.Event.Category);
        return options.Value.Required.Contains(category, StringComparer.Ordinal)
            ? null
            : (rows.HashOf(decision.Tenant, decision.Recipient), PreferenceKeys.OfCategory(category, delivery.Channel));
    }

    [LoggerMessage(EventId = 4401, Level = LogLevel.Information,
        Message = "{provider}: {count} recipients have chosen about one kind of mail")]
    private partial void Chosen(string provider, int count);
}
