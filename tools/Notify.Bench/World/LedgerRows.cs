using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;

namespace Notify.Bench.World;

/// <summary>The whole ledger, delivery by delivery, as it stands in the tables.</summary>
internal static class LedgerRows
{
    public static IAsyncEnumerable<DeliveryRecord> ReadAsync(ITables tables)
    {
        var deliveries = new DeliveryTable(tables);
        return KeyedHashes.Partitions.ToAsyncEnumerable()
            .SelectMany(partition => deliveries.OfPartitionAsync(partition, CancellationToken.None));
    }
}
