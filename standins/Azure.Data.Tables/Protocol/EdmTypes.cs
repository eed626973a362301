namespace Azure.Data.Tables;

/// <summary>The protocol's names of the types that JSON cannot tell.</summary>
internal static class EdmTypes
{
    public const string Int64 = "Edm.Int64";
    public const string Double = "Edm.Double";
    public const string DateTime = "Edm.DateTime";
    public const string Guid = "Edm.Guid";
    public const string Binary = "Edm.Binary";
}
