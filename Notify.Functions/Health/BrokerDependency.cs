using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Notify.Functions.Infrastructure.Kafka;

namespace Notify.Functions.Health;

/// <summary>The broker: without it nothing is accepted and nothing comes.</summary>
internal sealed class BrokerDependency(IConsumerLag lag, IOptions<BrokerOptions> options) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await lag.MeasureAsync(options.Value.Topic, options.Value.ConsumerGroup, cancellationToken);
        return HealthCheckResult.Healthy();
    }
}
