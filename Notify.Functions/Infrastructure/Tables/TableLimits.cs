namespace Notify.Functions.Infrastructure.Tables;

/// <summary>What <see cref="ITables"/> promises to refuse with <see cref="ArgumentException"/>, before anything is written.</summary>
internal static class TableLimits
{
    /// <summary>Characters of a partition or row key.</summary>
    public const int MaxKeyLength = 512;

    /// <summary>UTF-16 characters of a string property.</summary>
    public const int MaxTextLength = 32_768;

    /// <summary>Bytes of a binary property.</summary>
    public const int MaxBinaryLength = 65_536;

    /// <summary>Bytes of a row, as <see cref="SizeOf(TableRow)"/> counts them.</summary>
    public const int MaxRowBytes = 1024 * 1024;

    /// <summary>Writes of a transaction.</summary>
    public const int MaxWrites = 100;

    /// <summary>Bytes of a transaction.</summary>
    public const int MaxTransactionBytes = 4 * 1024 * 1024;

    /// <summary>Refuses a name that the table service would refuse: 3–63 letters and digits, a letter first.</summary>
    public static void CheckTable(string table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.Length is < 3 or > 63 || !char.IsAsciiLetter(table[0]) || !table.All(char.IsAsciiLetterOrDigit))
        {
            throw new ArgumentException($"'{table}' is no table name: 3 to 63 letters and digits, a letter first.", nameof(table));
        }
    }

    /// <summary>Refuses a key that the table service would refuse.</summary>
    public static void CheckKey(string key, string paramName)
    {
        ArgumentNullException.ThrowIfNull(key, paramName);
        if (key.Length > MaxKeyLength)
        {
            throw new ArgumentException($"A key has at most {MaxKeyLength} characters; this one has {key.Length}.", paramName);
        }
        foreach (var character in key)
        {
            if (character is '/' or '\\' or '#' or '?' || char.IsControl(character))
            {
                throw new ArgumentException($"A key must not contain U+{(int)character:X4}.", paramName);
            }
        }
    }

    /// <summary>Refuses writes that cannot be one transaction, whatever the rows are like.</summary>
    public static void CheckWrites(IReadOnlyList<TableWrite> writes)
    {
        ArgumentNullException.ThrowIfNull(writes);
        if (writes.Count is 0 or > MaxWrites)
        {
            throw new ArgumentException($"A transaction has 1 to {MaxWrites} writes, not {writes.Count}.", nameof(writes));
        }
        var keys = new HashSet<string>(writes.Count, StringComparer.Ordinal);
        var total = 0L;
        foreach (var write in writes)
        {
            if (!string.Equals(write.Row.Partition, writes[0].Row.Partition, StringComparison.Ordinal))
            {
                throw new ArgumentException("The writes of a transaction are all of one partition.", nameof(writes));
            }
            if (!keys.Add(write.Row.Key))
            {
                throw new ArgumentException("A transaction writes each row once.", nameof(writes));
            }
            CheckKey(write.Row.Partition, nameof(writes));
            CheckKey(write.Row.Key, nameof(writes));
            total += CheckRow(write.Row, nameof(writes));
        }
        if (total > MaxTransactionBytes)
        {
            throw new ArgumentException($"A transaction has at most {MaxTransactionBytes} bytes; this one has {total}.", nameof(writes));
        }
    }

    /// <summary>The row's size in bytes as the service counts it: text in UTF-16, names included.</summary>
    public static long SizeOf(TableRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return 4L + (2L * (row.Partition.Length + row.Key.Length)) + row.Properties.Sum(p => 8L + (2L * p.Key.Length) + SizeOf(p.Value));
    }

    private static long CheckRow(TableRow row, string paramName)
    {
        foreach (var (name, value) in row.Properties)
        {
            CheckName(name, paramName);
            CheckValue(name, value, paramName);
        }
        var size = SizeOf(row);
        return size <= MaxRowBytes
            ? size
            : throw new ArgumentException($"A row has at most {MaxRowBytes} bytes; this one has {size}.", paramName);
    }

    private static void CheckName(string name, string paramName)
    {
        if (name.Length is 0 or > 255 || !(char.IsLetter(name[0]) || name[0] == '_') || !name.All(c => char.IsLetterOrDigit(c) || c == '_'))
        {
            throw new ArgumentException($"'{name}' is no property name: letters, digits and '_', not a digit first.", paramName);
        }
        if (name is "PartitionKey" or "RowKey" or "Timestamp")
        {
            throw new ArgumentException($"'{name}' belongs to the table service.", paramName);
        }
    }

    private static void CheckValue(string name, object value, string paramName)
    {
        var fault = value switch
        {
            string { Length: > MaxTextLength } text => $"has {text.Length} characters, more than {MaxTextLength}",
            byte[] { Length: > MaxBinaryLength } bytes => $"has {bytes.Length} bytes, more than {MaxBinaryLength}",
            string or byte[] or int or long or double or bool or DateTimeOffset or Guid => null,
            null => "is null: leave it out",
            _ => $"is of the type {value.GetType().Name}, which tables cannot hold",
        };
        if (fault is not null)
        {
            throw new ArgumentException($"Property '{name}' {fault}.", paramName);
        }
    }

    private static long SizeOf(object value) => value switch
    {
        string text => 4L + (2L * text.Length),
        byte[] bytes => 4L + bytes.Length,
        bool => 1,
        int => 4,
        Guid => 16,
        _ => 8,
    };
}
