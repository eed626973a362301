namespace Microsoft.Azure.Functions.Worker;

/// <summary>How the runtime repeats a function that threw.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class RetryAttribute : Attribute
{
    /// <summary>Public, although the class is abstract, because the official one is.</summary>
    public RetryAttribute()
    {
    }

    /// <summary>Retries for an execution; -1 repeats for ever.</summary>
    public int MaxRetryCount { get; set; }
}
