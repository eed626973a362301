using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Ledger;

/// <summary>Sets records aside that cannot be used: with their bytes, their place and the reason.</summary>
public sealed class RejectedRecords(ITables tables)
{
    // A row holds 1 MiB; a broker's records are seldom larger, and then the first part is kept and said to be a part.
    private const int KeptBytes = 900 * 1024;

    // A property holds 32,768 characters; headers that need more say nothing of an event.
    private const int HeadersLength = 32_000;

    /// <summary>What the headers said, as a JSON object.</summary>
    internal const string HeadersColumn = "headers";

    /// <summary>
    /// Sets one record aside. Repeating it changes nothing: the first reason stands, and so does what was done with it since.
    /// </summary>
    public Task SetAsideAsync(
        EventPosition source, DateTimeOffset recordedAt, ReadOnlyMemory<byte> value, EventHeaders headers, IReadOnlyList<EventFault> faults,
        CancellationToken cancellationToken)
    {
        var kept = value.Length <= KeptBytes ? value : value[..KeptBytes];
        var row = new TableRow(PartitionOf(source), Key(source, recordedAt))
        {
            ["topic"] = source.Topic,
            ["partition"] = source.Partition,
            ["offset"] = source.Offset,
            ["at"] = recordedAt,
            ["cause"] = faults[0].Code,
            ["faults"] = JsonSerializer.Serialize(faults.Take(50), NotifyJson.Options),
            ["bytes"] = value.Length,
            [HeadersColumn] = HeadersText(headers),
        };
        row.SetLarge("value", kept.Span);
        return tables.WriteAsync(TableNames.Rejected, [TableWrite.Insert(row)], cancellationToken);
    }

    /// <summary>Whether a record was set aside.</summary>
    public async Task<bool> IsSetAsideAsync(EventPosition source, DateTimeOffset recordedAt, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Rejected, PartitionOf(source), Key(source, recordedAt), cancellationToken) is not null;

    /// <summary>Every record that was set aside, by its place, with the code of its first fault.</summary>
    public async Task<IReadOnlyDictionary<EventPosition, string>> ReadCausesAsync(CancellationToken cancellationToken)
    {
        var causes = new Dictionary<EventPosition, string>();
        foreach (var partition in KeyedHashes.Partitions)
        {
            await foreach (var row in tables.QueryAsync(TableNames.Rejected, partition, "0", "~", cancellationToken))
            {
                causes[new EventPosition(row.Text("topic")!, (int)row.Number("partition")!, row.Number("offset")!.Value)] =
                    row.Text("cause")!;
            }
        }
        return causes;
    }

    private static string? HeadersText(EventHeaders headers)
    {
        var texts = headers.Texts;
        return texts.Count > 0 && JsonSerializer.Serialize(texts, NotifyJson.Options) is { Length: <= HeadersLength } text ? text : null;
    }

    /// <summary>The row key: newest first within a partition.</summary>
    internal static string Key(EventPosition source, DateTimeOffset recordedAt) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Base32Hex.Encode((1L << 45) - 1 - Math.Max(0, recordedAt.ToUnixTimeMilliseconds()), 9)}"
        + $".{source.Topic}.{source.Partition}.{source.Offset}");

    internal static string PartitionOf(EventPosition source) =>
        KeyedHashes.PartitionOf(Base32Hex.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(source.ToString())).AsSpan(0, 10)));
}
