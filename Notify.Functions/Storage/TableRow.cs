namespace Notify.Functions.Storage;

/// <summary>A row: its keys, its ETag when it was read, and its properties.</summary>
/// <remarks>
/// Property values are <see cref="string"/>, <see cref="int"/>, <see cref="long"/>, <see cref="double"/>, <see cref="bool"/>,
/// <see cref="DateTimeOffset"/> (UTC), <see cref="Guid"/> or <see cref="byte"/>[]. <see langword="null"/> is the same as absent.
/// </remarks>
public sealed class TableRow(string partition, string key)
{
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
}
