namespace Notify.LocalHost.Runtime.Queues;

/// <summary><c>extensions.queues</c> of host.json, with the extension's defaults, and the lease, which there is no setting for.</summary>
internal sealed record QueueTriggerOptions
{
    /// <summary>Messages received at once.</summary>
    /// <value>Default 16, at most 32.</value>
    public int BatchSize { get; init; } = 16;

    /// <summary>With this many messages of a queue in hand, or fewer, the next are received.</summary>
    /// <value>Default: half the batch size for every processor.</value>
    public int NewBatchThreshold { get; init; } = 8 * Environment.ProcessorCount;

    /// <summary>The longest wait between two looks at an empty queue.</summary>
    /// <value>Default 1 minute, at least 100 ms.</value>
    public TimeSpan MaxPollingInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a message rests after a failure.</summary>
    /// <value>Default 0.</value>
    public TimeSpan VisibilityTimeout { get; init; } = TimeSpan.Zero;

    /// <summary>After this many failures a message goes to the poison queue.</summary>
    /// <value>Default 5.</value>
    public int MaxDequeueCount { get; init; } = 5;

    /// <summary>
    /// How long a message in hand is hidden from others; renewed at half time. Whoever dies leaves it hidden for as long as this. The
    /// setting <c>Notify:LocalHost:QueueLease</c> shortens it for tests that kill.
    /// </summary>
    /// <value>Default 10 minutes, as fixed in the extension.</value>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(10);
}
