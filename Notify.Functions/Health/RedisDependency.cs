using Microsoft.Extensions.Diagnostics.HealthChecks;
using Notify.Functions.Infrastructure.Redis;

namespace Notify.Functions.Health;

/// <summary>Redis: without it instances keep limits of their own, and the ledger alone finds duplicates.</summary>
internal sealed class RedisDependency(RedisConnection redis) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await redis.RunAsync(database => database.PingAsync(), cancellationToken);
        return HealthCheckResult.Healthy();
    }
}
