using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;

namespace Notify.LocalHost.FaultInjection;

/// <summary>Tables that lose rows, or conflicts.</summary>
internal sealed class GuardlessTables(ITables inner, string broken) : ITables
{
    /// <inheritdoc/>
    public Task<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken) =>
        inner.GetAsync(table, partition, row, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<TableRow> QueryAsync(
        string table, string partition, string from, string to, CancellationToken cancellationToken) =>
        inner.QueryAsync(table, partition, from, to, cancellationToken);

    /// <inheritdoc/>
    public Task<int> CountAsync(string table, string partition, string from, string to, int most, CancellationToken cancellationToken) =>
        inner.CountAsync(table, partition, from, to, most, cancellationToken);

    /// <inheritdoc/>
    public async Task<TableOutcome> WriteAsync(string table, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        var left = broken switch
        {
            GuardRemoval.SkipAttemptRow =>
                [.. writes.Where(write => !(write.Kind == TableWriteKind.Insert && AttemptId.TryParse(write.Row.Key, out _)))],
            GuardRemoval.DropOutbox => [.. writes.Where(write =>
                !(write.Kind == TableWriteKind.Insert
                    && write.Row.Key.StartsWith(DeliveryRows.ClosedDigestPrefix, StringComparison.Ordinal)))],
            GuardRemoval.IgnoreConflict when string.Equals(table, TableNames.Deliveries, StringComparison.Ordinal) =>
                writes.Select(write => write.Kind == TableWriteKind.Insert && AttemptId.TryParse(write.Row.Key, out _)
                    ? TableWrite.Upsert(write.Row) : write).ToList(),
            _ => writes,
        };
        return left.Count == 0 ? TableOutcome.Done : await inner.WriteAsync(table, left, cancellationToken);
    }
}
