using System.Globalization;

namespace Notify.Functions.Infrastructure.Tables;

/// <summary>A row: its keys, its ETag when it was read, and its properties.</summary>
/// <remarks>
/// Property values are <see cref="string"/>, <see cref="int"/>, <see cref="long"/>, <see cref="double"/>, <see cref="bool"/>,
/// <see cref="DateTimeOffset"/> (UTC), <see cref="Guid"/> or <see cref="byte"/>[]. <see langword="null"/> is the same as absent.
/// </remarks>
public sealed class TableRow(string partition, string key)
{
    private const int MaxParts = 15;
    private const int PartBytes = 64 * 1024;

    /// <summary>The partition key.</summary>
    public string Partition { get; } = partition;

    /// <summary>The row key, unique within the partition.</summary>
    public string Key { get; } = key;

    /// <summary>The version that was read; <see langword="null"/> on a row made by the caller.</summary>
    public string? ETag { get; init; }

    /// <summary>The properties by name; names are those of C# identifiers.</summary>
    public Dictionary<string, object> Properties { get; } = new(StringComparer.Ordinal);

    /// <summary>A property; reading an absent one gives <see langword="null"/>, writing <see langword="null"/> removes it.</summary>
    public object? this[string name]
    {
        get => Properties.GetValueOrDefault(name);
        set
        {
            if (value is null)
            {
                Properties.Remove(name);
            }
            else
            {
                Properties[name] = value;
            }
        }
    }

    /// <summary>Whether the property is there.</summary>
    public bool Has(string name) => Properties.ContainsKey(name);

    /// <summary>A text property.</summary>
    public string? Text(string name) => this[name] as string;

    /// <summary>A number property that was written as int or long.</summary>
    public long? Number(string name) => this[name] switch { int i => i, long l => l, _ => null };

    /// <summary>A point in time.</summary>
    public DateTimeOffset? Time(string name) => this[name] is DateTimeOffset time ? time : null;

    /// <summary>A binary property.</summary>
    public byte[]? Bytes(string name) => this[name] as byte[];

    /// <summary>Spreads bytes over as many properties as they need, at most 15 (960 KiB); read them with <see cref="Large"/>.</summary>
    /// <exception cref="ArgumentException">There are more bytes than that.</exception>
    public void SetLarge(string name, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxParts * PartBytes)
        {
            throw new ArgumentException($"{bytes.Length} bytes do not fit into a row.", nameof(bytes));
        }
        for (var part = 0; part * PartBytes < Math.Max(bytes.Length, 1); part++)
        {
            this[PartName(name, part)] = bytes.Slice(part * PartBytes, Math.Min(PartBytes, bytes.Length - (part * PartBytes))).ToArray();
        }
    }

    /// <summary>What <see cref="SetLarge"/> wrote; <see langword="null"/> where it wrote nothing.</summary>
    public byte[]? Large(string name)
    {
        var parts = Enumerable.Range(0, MaxParts).Select(part => Bytes(PartName(name, part))).TakeWhile(part => part is not null).ToList();
        return parts.Count == 0 ? null : parts.SelectMany(part => part!).ToArray();
    }

    /// <summary>Removes what <see cref="SetLarge"/> wrote.</summary>
    public void RemoveLarge(string name)
    {
        for (var part = 0; part < MaxParts; part++)
        {
            Properties.Remove(PartName(name, part));
        }
    }

    private static string PartName(string name, int part) => part == 0 ? name : name + part.ToString(CultureInfo.InvariantCulture);
}
