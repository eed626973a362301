using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Starts a function by the clock.</summary>
public sealed class TimerTriggerAttribute(string schedule) : TriggerBindingAttribute
{
    /// <summary>A six-field cron expression, or a <c>%setting%</c>.</summary>
    public string Schedule { get; } = schedule;

    /// <summary>Whether occurrences are remembered over restarts.</summary>
    public bool UseMonitor { get; set; } = true;

    /// <summary>Whether it fires at start too.</summary>
    public bool RunOnStartup { get; set; }
}
