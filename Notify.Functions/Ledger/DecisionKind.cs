namespace Notify.Functions.Ledger;

/// <summary>What was decided for one delivery. The numbers are persisted: never change or reuse one.</summary>
public enum DecisionKind
{
    /// <summary>Send now.</summary>
    Send = 1,

    /// <summary>Put into the recipient's next digest.</summary>
    Batch = 2,

    /// <summary>Do not send, by a rule.</summary>
    Suppress = 3,

    /// <summary>Do not send: it was too late already.</summary>
    Expire = 4,

    /// <summary>Do not send: it was withdrawn before.</summary>
    Cancel = 5,

    /// <summary>Send later.</summary>
    Defer = 6,
}
