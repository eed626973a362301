using Microsoft.Extensions.Logging;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Suppressions;

namespace Notify.Functions.Reports;

/// <summary>
/// Puts addresses on the suppression list of which a provider reports that nothing should be sent to them: hard bounces, complaints,
/// unsubscribes. It is the attempt's own address that is suppressed, by its hash; the recipient may have another by now.
/// </summary>
public sealed partial class ReportedAddressSuppressor(
    DeliveryTable deliveries, SuppressionList suppressions, TableRecipientDirectory directory, AddressHashes addresses,
    ILogger<ReportedAddressSuppressor> logger)
{
    /// <summary>
    /// Suppresses what the reports ask for. Safe to repeat; throws where storage is away, so that the provider calls again.
    /// </summary>
    public async Task SuppressAsync(string provider, IReadOnlyList<ProviderReport> reports, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var report in reports.Where(report => report.Effect == ReportEffect.SuppressAddress)
            .DistinctBy(report => report.AttemptId, StringComparer.Ordinal))
        {
            if (AttemptId.TryParse(report.AttemptId, out var attempt)
                && await SuppressionAsync(attempt, report, cancellationToken) is { } suppression)
            {
                await suppressions.AddAsync(suppression, cancellationToken);
                count++;
            }
        }
        if (count > 0)
        {
            Suppressed(provider, count);
        }
    }

    private async Task<Suppression?> SuppressionAsync(AttemptId attempt, ProviderReport report, CancellationToken cancellationToken)
    {
        var delivery = attempt.Delivery;
        var tried = await deliveries.FindAttemptAsync(attempt, cancellationToken);
        var decision = await deliveries.FindDecisionAsync(delivery, cancellationToken);
        if (tried?.Address is not { } hash || decision is null)
        {
            return null;
        }
        var known = await directory.FindAsync(decision.Tenant, [decision.Recipient], cancellationToken);
        return new Suppression
        {
            Id = hash,
            Tenant = decision.Tenant,
            Channel = delivery.Channel,
            Address = known.GetValueOrDefault(decision.Recipient)?.AddressesOn(delivery.Channel)
                .FirstOrDefault(address => string.Equals(addresses.Compute(decision.Tenant, delivery.Channel, address), hash,
                    StringComparison.Ordinal)),
            Source = report.Fact switch
            {
                ReportedFact.Bounced => SuppressionSource.Bounce,
                ReportedFact.Complained => SuppressionSource.Complaint,
                ReportedFact.Unsubscribed => SuppressionSource.Unsubscribe,
                _ => SuppressionSource.Rejected,
            },
            Detail = report.Detail,
            At = report.At,
        };
    }

    [LoggerMessage(EventId = 4201, Level = LogLevel.Information, Message = "{provider}: {count} addresses are suppressed from now on")]
    private partial void Suppressed(string provider, int count);
}
