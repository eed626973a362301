using Microsoft.Extensions.Options;
using Notify.Functions.Infrastructure.Resilience;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>Begins leases, by the settings of sending. The margin is not theirs: it is for clocks that differ.</summary>
/// <param name="options">The settings.</param>
/// <param name="time">The clock that the leases go by.</param>
public sealed class SendLeases(IOptions<SendingOptions> options, TimeProvider time)
{
    // With less than this a request would be broken off before the provider can answer.
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(10);

    /// <summary>Begins one. It has to begin before the claim's deadline is reckoned.</summary>
    public Lease Begin()
    {
        var third = options.Value.ChunkLimit / 3;
        return new Lease(time, options.Value.ChunkLimit, third < Enough ? third : Enough);
    }
}
