using Microsoft.Extensions.Diagnostics.HealthChecks;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;

namespace Notify.Functions.Health;

/// <summary>The tables.</summary>
internal sealed class TablesDependency(ITables tables) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await tables.GetAsync(TableNames.Events, KeyedHashes.Partitions[0], "health", cancellationToken);
        return HealthCheckResult.Healthy();
    }
}
