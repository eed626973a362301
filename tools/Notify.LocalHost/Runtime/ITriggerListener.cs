namespace Notify.LocalHost.Runtime;

/// <summary>What starts one function: a consumer, a poller, a clock.</summary>
internal interface ITriggerListener
{
    /// <summary>
    /// Works until the drain says stop and what was in hand is done. Faults of a backend are logged and waited out, not thrown.
    /// </summary>
    Task RunAsync(Drain drain);
}
