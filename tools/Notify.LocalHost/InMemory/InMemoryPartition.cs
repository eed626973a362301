using Notify.Functions.Infrastructure.Tables;

namespace Notify.LocalHost.InMemory;

/// <summary>
/// The rows of one partition, sorted by key. Rows are never changed in place, so a reader needs no lock for what it was given.
/// </summary>
internal sealed class InMemoryPartition
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, InMemoryRow> _rows = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _keys = new(StringComparer.Ordinal);
    private long _version;

    public InMemoryRow? Get(string key)
    {
        lock (_lock)
        {
            return _rows.GetValueOrDefault(key);
        }
    }

    /// <summary>Up to <paramref name="size"/> rows with <paramref name="from"/> ≤ key &lt; <paramref name="to"/>, in order.</summary>
    public List<InMemoryRow> Page(string from, string to, int size)
    {
        var page = new List<InMemoryRow>();
        if (string.CompareOrdinal(from, to) >= 0)
        {
            return page;
        }
        lock (_lock)
        {
            foreach (var key in _keys.GetViewBetween(from, to))
            {
                if (page.Count == size || string.CompareOrdinal(key, to) >= 0)
                {
                    break;
                }
                page.Add(_rows[key]);
            }
        }
        return page;
    }

    public TableOutcome Write(IReadOnlyList<TableWrite> writes)
    {
        lock (_lock)
        {
            var after = new InMemoryRow?[writes.Count];
            for (var i = 0; i < writes.Count; i++)
            {
                var before = _rows.GetValueOrDefault(writes[i].Row.Key);
                var fault = FaultOf(writes[i], before);
                if (fault != TableFault.None)
                {
                    return new TableOutcome(fault, i);
                }
                after[i] = Apply(writes[i], before);
            }
            for (var i = 0; i < writes.Count; i++)
            {
                Put(writes[i].Row.Key, after[i]);
            }
            return TableOutcome.Done;
        }
    }

    private static TableFault FaultOf(TableWrite write, InMemoryRow? before) => write.Kind switch
    {
        TableWriteKind.Upsert or TableWriteKind.Set => TableFault.None,
        TableWriteKind.Insert => before is null ? TableFault.None : TableFault.AlreadyExists,
        _ when before is null => TableFault.NotFound,
        _ when write.ETag is not null && !string.Equals(write.ETag, before.ETag, StringComparison.Ordinal) => TableFault.Changed,
        _ => TableFault.None,
    };

    private InMemoryRow? Apply(TableWrite write, InMemoryRow? before)
    {
        if (write.Kind == TableWriteKind.Delete)
        {
            return null;
        }
        var etag = FormattableString.Invariant($"W/\"{++_version}\"");
        var row = InMemoryRow.From(write.Row, write.Kind is TableWriteKind.Merge or TableWriteKind.Set ? before : null, etag);
        var size = TableLimits.SizeOf(row.ToRow(write.Row.Partition));
        return size <= TableLimits.MaxRowBytes
            ? row
            : throw new ArgumentException($"A row has at most {TableLimits.MaxRowBytes} bytes; merged, this one has {size}.",
                nameof(write));
    }

    private void Put(string key, InMemoryRow? row)
    {
        if (row is null)
        {
            _rows.Remove(key);
            _keys.Remove(key);
        }
        else
        {
            _rows[key] = row;
            _keys.Add(key);
        }
    }
}
