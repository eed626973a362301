namespace Notify.Sandbox.Faults;

/// <summary>A fault as it was set.</summary>
/// <param name="Provider">One of <see cref="Notify.Sandbox.Common.ProviderNames.All"/>, or
/// <see cref="Notify.Sandbox.Common.ProviderNames.Any"/>.</param>
/// <param name="Mode">What goes wrong.</param>
internal sealed record Fault(string Provider, FaultMode Mode)
{
    /// <summary>The HTTP status of <see cref="FaultMode.Error"/> (500–599) or <see cref="FaultMode.Reject"/> (400–499).</summary>
    public int? Status { get; init; }

    /// <summary>How likely a request is hit.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>
    /// The wait before the fault does its work, but see <see cref="FaultMode.Timeout"/> and <see cref="FaultMode.RateLimit"/>.
    /// </summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The part of it that comes before the answer.</summary>
    public TimeSpan DelayBefore =>
        Mode is FaultMode.Timeout or FaultMode.AcceptThenTimeout or FaultMode.RateLimit ? TimeSpan.Zero : Delay;

    /// <summary>Only the first so many requests are concerned.</summary>
    public long? Count { get; init; }

    /// <summary>After this the fault is over.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Makes the choice of requests repeatable.</summary>
    public int? Seed { get; init; }
}

/// <summary>What becomes of one request.</summary>
/// <param name="Fault">The fault that hits it.</param>
/// <param name="Delay">How long it waits before that.</param>
internal readonly record struct FaultVerdict(Fault? Fault, TimeSpan Delay);
