namespace Notify.Functions.Infrastructure.Tables;

/// <summary>What became of a write or a transaction: everything was done, or nothing was and one write is to blame.</summary>
/// <param name="Fault">Why nothing was done, or <see cref="TableFault.None"/>.</param>
/// <param name="FailedIndex">The position of the write to blame; -1 where there is none.</param>
public readonly record struct TableOutcome(TableFault Fault, int FailedIndex)
{
    /// <summary>Everything was done.</summary>
    public static TableOutcome Done { get; } = new(TableFault.None, -1);

    /// <summary>Whether everything was done.</summary>
    public bool IsDone => Fault == TableFault.None;
}

/// <summary>The expected reasons for which a write is not done.</summary>
public enum TableFault
{
    /// <summary>None: it was done.</summary>
    None,

    /// <summary>The row to insert exists.</summary>
    AlreadyExists,

    /// <summary>The row to merge, replace or delete does not exist.</summary>
    NotFound,

    /// <summary>The row has another version than the one required.</summary>
    Changed,
}
