namespace Microsoft.Azure.Functions.Worker;

/// <summary>Where the runtime's retries stand.</summary>
public abstract class RetryContext
{
    /// <summary>Retries so far.</summary>
    public abstract int RetryCount { get; }

    /// <summary>Retries allowed; -1 for ever.</summary>
    public abstract int MaxRetryCount { get; }
}
