using Notify.Functions.Delivery;
using Notify.Functions.Storage;

namespace Notify.Functions.Hosting.Health;

/// <summary>The tables.</summary>
internal sealed class TablesDependency(ITables tables) : IDependency
{
    public string Name => "tables";

    public bool IsRequired => true;

    public Task ProbeAsync(CancellationToken cancellationToken) => tables.GetAsync(TableNames.Events, Identities.Partitions[0], "health", cancellationToken);
}
