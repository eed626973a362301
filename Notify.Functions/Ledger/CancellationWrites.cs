namespace Notify.Functions.Ledger;

/// <summary>What became of taking back a delivery that is decided and not sent yet.</summary>
public enum CancellationWrites
{
    /// <summary>It is taken back.</summary>
    Done,

    /// <summary>There is nothing to take back: it is settled, or being sent.</summary>
    Settled,

    /// <summary>Its digest item is gone, which only a digest or another withdrawal does.</summary>
    ItemTaken,

    /// <summary>It has changed since it was read.</summary>
    Changed,
}
