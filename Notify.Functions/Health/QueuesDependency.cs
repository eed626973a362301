using Microsoft.Extensions.Diagnostics.HealthChecks;
using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Sending;

namespace Notify.Functions.Health;

/// <summary>The queues.</summary>
internal sealed class QueuesDependency(IQueues queues) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await queues.CountAsync(ChannelQueues.All[0], cancellationToken);
        return HealthCheckResult.Healthy();
    }
}
