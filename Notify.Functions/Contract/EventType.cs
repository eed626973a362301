namespace Notify.Functions.Contract;

/// <summary>What an event is for. The numbers are persisted: never change or reuse one.</summary>
public enum EventType
{
    /// <summary>The recipient caused it and waits for it (password reset, receipt). Never batched.</summary>
    Transactional = 1,

    /// <summary>Something the recipient may like to hear. Needs consent; an ambiguous send is dropped.</summary>
    Marketing = 2,

    /// <summary>Something the recipient should know about (sign-in from a new device).</summary>
    Alert = 3,
}
