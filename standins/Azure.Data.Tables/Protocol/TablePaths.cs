namespace Azure.Data.Tables;

/// <summary>The paths of the protocol's resources.</summary>
internal static class TablePaths
{
    public const string Tables = "Tables";

    public const string Batch = "$batch";

    public static string Table(string table) => $"{Tables}({Quoted(table)})";

    public static string Rows(string table) => table + "()";

    public static string Row(string table, string partitionKey, string rowKey) =>
        $"{table}(PartitionKey={Quoted(partitionKey)},RowKey={Quoted(rowKey)})";

    // In OData a quote is written twice; everything but letters and digits then becomes %XX, which the signature covers as sent.
    private static string Quoted(string key) => $"'{Uri.EscapeDataString(key.Replace("'", "''", StringComparison.Ordinal))}'";
}
