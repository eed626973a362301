using System.Globalization;
using System.Text;
using System.Text.Json;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Status;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Upgrades;

/// <summary>Everything that is kept, as one file: rows with their columns, queue messages, and what the API said of every event.</summary>
internal sealed record StoredState(
    DateTimeOffset At, IReadOnlyList<StoredRow> Rows, IReadOnlyList<StoredMessage> Messages, IReadOnlyDictionary<string, JsonElement> Views)
{
    /// <summary>What became of every delivery in the end; what was sent, by attempt, in no order.</summary>
    public IReadOnlyList<string> Ending { get; init; } = [];

    private static readonly JsonSerializerOptions Indented = new(JsonSerializerOptions.Web) { WriteIndented = true };

    public static StoredState Read(string path) => JsonSerializer.Deserialize<StoredState>(File.ReadAllText(path), Indented)!;

    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, Indented) + "\n");

    /// <summary>Takes everything out of the harness; its queues are empty then.</summary>
    public static async Task<StoredState> TakeAsync(NotifyHarness notify, IEnumerable<(string Table, string Partition)> partitions)
    {
        var at = notify.Clock.GetUtcNow();
        var rows = new List<StoredRow>();
        foreach (var (table, partition) in partitions.OrderBy(one => one.Table, StringComparer.Ordinal)
            .ThenBy(one => one.Partition, StringComparer.Ordinal))
        {
            await foreach (var row in notify.Tables.QueryAsync(table, partition, " ", "~~~", CancellationToken.None))
            {
                rows.Add(StoredRow.Of(table, row));
            }
        }
        var views = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var id in StateFiller.Events)
        {
            views[id] = JsonSerializer.SerializeToElement(await notify.Get<NotificationReader>()
                .FindAsync(null, id, 0, 100, CancellationToken.None), JsonSerializerOptions.Web);
        }
        var messages = new List<StoredMessage>();
        // By then the last delay is over.
        notify.Clock.Advance(TimeSpan.FromDays(8));
        foreach (var queue in notify.Backends.Queues.Names)
        {
            for (var leases = await ReceiveAsync(notify, queue); leases.Count > 0; leases = await ReceiveAsync(notify, queue))
            {
                messages.AddRange(leases.Select(body => new StoredMessage(queue, body)));
            }
        }
        return new StoredState(at, rows, messages, views);
    }

    /// <summary>Puts everything into a harness, whose clock stands where that of this state stood.</summary>
    public async Task PutAsync(NotifyHarness notify)
    {
        foreach (var row in Rows)
        {
            Assert.True((await notify.Tables.WriteAsync(row.Table, [TableWrite.Insert(row.ToRow())], CancellationToken.None)).IsDone);
        }
        foreach (var message in Messages)
        {
            await notify.Backends.Queues.SendAsync(message.Queue, message.Body, TimeSpan.Zero, CancellationToken.None);
        }
    }

    private static async Task<IReadOnlyList<string>> ReceiveAsync(NotifyHarness notify, string queue)
    {
        var bodies = new List<string>();
        foreach (var lease in await notify.Backends.Queues.ReceiveAsync(queue, 32, TimeSpan.FromDays(1), CancellationToken.None))
        {
            bodies.Add(Encoding.UTF8.GetString(lease.Body!.Value.Span));
            await notify.Backends.Queues.DeleteAsync(lease, CancellationToken.None);
        }
        return bodies;
    }
}

/// <summary>A row, each column with its type.</summary>
internal sealed record StoredRow(string Table, string Partition, string Key, IReadOnlyDictionary<string, string> Columns)
{
    public static StoredRow Of(string table, TableRow row) => new(
        table, row.Partition, row.Key, row.Properties.OrderBy(column => column.Key, StringComparer.Ordinal)
            .ToDictionary(column => column.Key, column => Text(column.Value), StringComparer.Ordinal));

    public TableRow ToRow()
    {
        var row = new TableRow(Partition, Key);
        foreach (var (name, text) in Columns)
        {
            row[name] = Value(text);
        }
        return row;
    }

    private static string Text(object value) => value switch
    {
        string text => "text:" + text,
        byte[] bytes => "bytes:" + Convert.ToBase64String(bytes),
        DateTimeOffset time => "time:" + time.ToString("O", CultureInfo.InvariantCulture),
        int number => "int:" + number.ToString(CultureInfo.InvariantCulture),
        long number => "long:" + number.ToString(CultureInfo.InvariantCulture),
        bool flag => "bool:" + flag.ToString(CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException("No row has had such a column: " + value.GetType()),
    };

    private static object Value(string column)
    {
        var (type, text) = (column[..column.IndexOf(':', StringComparison.Ordinal)],
            column[(column.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        return type switch
        {
            "text" => text,
            "bytes" => Convert.FromBase64String(text),
            "time" => DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture),
            "int" => int.Parse(text, CultureInfo.InvariantCulture),
            "long" => long.Parse(text, CultureInfo.InvariantCulture),
            "bool" => bool.Parse(text),
            _ => throw new InvalidOperationException("No column has such a type: " + type),
        };
    }
}

/// <summary>A queue's message.</summary>
internal sealed record StoredMessage(string Queue, string Body);
