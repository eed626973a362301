namespace Notify.LocalHost.Runtime.Kafka;

/// <summary><c>extensions.kafka</c> of host.json, with the extension's defaults.</summary>
internal sealed record KafkaTriggerOptions
{
    /// <summary>Records of a batch at most.</summary>
    /// <value>Default 64.</value>
    public int MaxBatchSize { get; init; } = 64;

    /// <summary>How long records are gathered when they are fewer.</summary>
    /// <value>Default 1 s; whole seconds, at least one.</value>
    public TimeSpan SubscriberInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether a failed batch is committed, that is: skipped.</summary>
    /// <value>Default true.</value>
    public bool CommitOnFailure { get; init; } = true;

    /// <summary>
    /// How often a failed batch is executed again before it is skipped after all; -1 for ever. Counts only without
    /// <see cref="CommitOnFailure"/>.
    /// </summary>
    /// <value>Default 5.</value>
    public int MaxRetries { get; init; } = 5;
}
