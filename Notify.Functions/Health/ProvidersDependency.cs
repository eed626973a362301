using Microsoft.Extensions.Diagnostics.HealthChecks;
using Notify.Functions.Contract;
using Notify.Functions.Sending.Pipeline;
using Notify.Functions.Sending.Throttling;

namespace Notify.Functions.Health;

/// <summary>
/// The providers' accounts: one that a provider refuses needs somebody who mends it. An outage of a provider does not; it passes.
/// </summary>
internal sealed class ProvidersDependency(ProviderSelection providers, SharedThrottle throttle) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var refused = new SortedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var sender in ContractNames.Channels.SelectMany(providers.Select).Where(sender => !sender.IsOurs))
        {
            if ((await throttle.CircuitAsync(sender.Channel, sender.Name, sender.Account, cancellationToken)).Why is { } why)
            {
                refused[sender.Name] = why;
            }
        }
        return refused.Count == 0
            ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded("A provider refuses our account.", data: refused);
    }
}
