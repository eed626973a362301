using System.Globalization;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Retries with the same wait each time.</summary>
public sealed class FixedDelayRetryAttribute : RetryAttribute
{
    /// <summary>Takes the number of retries (-1 = for ever) and the wait as HH:mm:ss.</summary>
    public FixedDelayRetryAttribute(int maxRetryCount, string delayInterval)
    {
        if (!TimeSpan.TryParse(delayInterval, CultureInfo.InvariantCulture, out var parsed) || parsed < TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(delayInterval));
        }

        MaxRetryCount = maxRetryCount;
        DelayInterval = delayInterval;
    }

    /// <summary>The wait, HH:mm:ss.</summary>
    public string DelayInterval { get; }
}
