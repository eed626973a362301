namespace Notify.Functions.Infrastructure.Tables;

/// <summary>One write of a transaction. What it requires of the row as it stands is part of its kind.</summary>
public sealed record TableWrite
{
    private TableWrite(TableWriteKind kind, TableRow row, string? etag) => (Kind, Row, ETag) = (kind, row, etag);

    /// <summary>What to do.</summary>
    public TableWriteKind Kind { get; }

    /// <summary>The row; only its keys count for a deletion.</summary>
    public TableRow Row { get; }

    /// <summary>The version the row must have; <see langword="null"/> where any version will do.</summary>
    public string? ETag { get; }

    /// <summary>Adds a row that must not exist (<see cref="TableFault.AlreadyExists"/>).</summary>
    public static TableWrite Insert(TableRow row) => new(TableWriteKind.Insert, row, etag: null);

    /// <summary>
    /// Adds or overwrites the named properties of a row that must exist (<see cref="TableFault.NotFound"/>), at the given version if one
    /// is given (<see cref="TableFault.Changed"/>); other properties stay.
    /// </summary>
    public static TableWrite Merge(TableRow row, string? etag = null) => new(TableWriteKind.Merge, row, etag);

    /// <summary>Replaces a whole row that must exist, at the given version if one is given.</summary>
    public static TableWrite Replace(TableRow row, string? etag = null) => new(TableWriteKind.Replace, row, etag);

    /// <summary>Puts the row, whether or not one is there.</summary>
    public static TableWrite Upsert(TableRow row) => new(TableWriteKind.Upsert, row, etag: null);

    /// <summary>Adds or overwrites the named properties, whether or not the row is there; other properties stay.</summary>
    public static TableWrite Set(TableRow row) => new(TableWriteKind.Set, row, etag: null);

    /// <summary>Deletes a row that must exist (<see cref="TableFault.NotFound"/>), at the given version if one is given.</summary>
    public static TableWrite Delete(string partition, string key, string? etag = null) =>
        new(TableWriteKind.Delete, new TableRow(partition, key), etag);
}

/// <summary>The kinds of write.</summary>
public enum TableWriteKind
{
    /// <summary>Add; the row must not exist.</summary>
    Insert,

    /// <summary>Add or overwrite some properties; the row must exist.</summary>
    Merge,

    /// <summary>Replace the whole row; it must exist.</summary>
    Replace,

    /// <summary>Put the whole row.</summary>
    Upsert,

    /// <summary>Add or overwrite some properties, whether or not the row is there.</summary>
    Set,

    /// <summary>Delete; the row must exist.</summary>
    Delete,
}
