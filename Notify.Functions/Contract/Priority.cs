namespace Notify.Functions.Contract;

/// <summary>How soon an event must go out. The numbers are persisted: never change or reuse one.</summary>
public enum Priority
{
    /// <summary>At once, before everything else, past quiet hours and throttles.</summary>
    Critical = 1,

    /// <summary>At once, in the urgent lane.</summary>
    High = 2,

    /// <summary>Within seconds, in the bulk lane.</summary>
    Normal = 3,

    /// <summary>When convenient; the first to be batched.</summary>
    Low = 4,
}
