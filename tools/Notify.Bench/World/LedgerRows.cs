using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;

namespace Notify.Bench.World;

/// <summary>The whole ledger, delivery by delivery, as it stands in the tables.</summary>
internal static class LedgerRows
{
    public static async IAsyncEnumerable<(DecisionRow Decision, IReadOnlyList<AttemptRow> Attempts)> ReadAsync(ITables tables)
    {
        foreach (var partition in Identities.Partitions)
        {
            DecisionRow? decision = null;
            var attempts = new List<AttemptRow>();
            // Behind what waits under '!'.
            await foreach (var row in tables.QueryAsync(TableNames.Deliveries, partition, "0", "~", CancellationToken.None))
            {
                if (AttemptId.TryParse(row.Key, out _))
                {
                    attempts.Add(AttemptRow.From(row));
                    continue;
                }
                if (decision is not null)
                {
                    yield return (decision, attempts);
                }
                (decision, attempts) = (DecisionRow.From(row), []);
            }
            if (decision is not null)
            {
                yield return (decision, attempts);
            }
        }
    }
}
