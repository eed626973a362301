using Microsoft.Extensions.Logging;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Recipients.Suppressions;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>
/// Puts addresses that a provider says are gone on the suppression list. A process that dies before loses nothing: the next message to such
/// an address meets the same answer.
/// </summary>
public sealed partial class RejectedAddressSuppressor(
    SuppressionList suppressions, TransientFaultRetry retry, ILogger<RejectedAddressSuppressor> logger)
{
    /// <summary>Suppresses what the outcomes call dead.</summary>
    public async Task SuppressAsync(Channel channel, IReadOnlyList<SendOutcome> outcomes, CancellationToken cancellationToken)
    {
        var dead = outcomes.SelectMany(outcome =>
            Dead(outcome).Select(address => (outcome.Work.Event.Tenant, Address: address, Reason: Code(outcome.Result)))).Distinct()
                .ToList();
        foreach (var (tenant, address, reason) in dead)
        {
            await retry.RunAsync(
                token => suppressions.AddAsync(tenant, channel, address, SuppressionSource.Rejected, reason, token), cancellationToken);
        }
        if (dead.Count > 0)
        {
            Suppressed(channel.Name(), dead.Count);
        }
    }

    private static IReadOnlyList<string> Dead(SendOutcome outcome) => outcome.Result switch
    {
        SendResult.Rejected { AddressIsDead: true } => outcome.Work.Delivery.Addresses,
        SendResult.Accepted accepted => accepted.DeadAddresses,
        _ => [],
    };

    private static string Code(SendResult result) => result is SendResult.Rejected rejected ? rejected.Reason : "unregistered";

    [LoggerMessage(EventId = 2211, Level = LogLevel.Information,
        Message = "{channel}: {count} addresses are gone and are suppressed from now on")]
    private partial void Suppressed(string channel, int count);
}
