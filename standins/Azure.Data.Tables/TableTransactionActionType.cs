namespace Azure.Data.Tables;

/// <summary>The kinds of write in a transaction.</summary>
public enum TableTransactionActionType
{
    /// <summary>Add a row that must not exist.</summary>
    Add,

    /// <summary>Merge into a row that must exist.</summary>
    UpdateMerge,

    /// <summary>Replace a row that must exist.</summary>
    UpdateReplace,

    /// <summary>Delete a row that must exist.</summary>
    Delete,

    /// <summary>Merge into a row, or add it.</summary>
    UpsertMerge,

    /// <summary>Replace a row, or add it.</summary>
    UpsertReplace,
}
