using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;

namespace Notify.Functions.Sending.Throttling;

/// <summary>The gate of one process by itself: what it keeps to while Redis is away.</summary>
internal sealed class LocalProviderThrottle(IOptions<ResilienceOptions> options, TimeProvider time) : IProviderThrottle
{
    private readonly ThrottleTerms _terms = new(options.Value);
    private readonly ConcurrentDictionary<(Channel, string, string), ThrottleState> _providers = new();

    // Microseconds since an epoch of its own: only differences mean something.
    private long Now => ThrottleTerms.Microseconds(time.GetUtcNow() - DateTimeOffset.UnixEpoch);

    /// <inheritdoc/>
    public Task<ThrottleAnswer> AdmitAsync(ThrottleRequest request, CancellationToken cancellationToken)
    {
        var now = Now;
        long? reopens = null;
        string? why = null;
        for (var index = 0; index < request.Candidates.Count; index++)
        {
            var state = StateFor(request.Channel, request.Candidates[index].Provider, request.Candidates[index].Account);
            lock (state)
            {
                if (state.Admit(now, _terms, request, request.Candidates[index], out var wait) is { } answer)
                {
                    return Task.FromResult(answer with { Candidate = index });
                }
                reopens = reopens < wait ? reopens : wait;
                why = index == 0 ? state.Circuit.Why : why;
            }
        }
        return Task.FromResult(new ThrottleAnswer(
            null, 0, 0, 0, default, default, default, ThrottleTerms.Time(reopens ?? 0))
        {
            Since = request.Since == 0 ? now : request.Since,
            Why = why,
        });
    }

    /// <inheritdoc/>
    public Task<CircuitChange> ReportAsync(ThrottleReport report, CancellationToken cancellationToken)
    {
        var state = StateFor(report.Channel, report.Provider, report.Account);
        lock (state)
        {
            return Task.FromResult(state.Report(Now, _terms, report));
        }
    }

    /// <inheritdoc/>
    public Task<CircuitState> CircuitAsync(Channel channel, string provider, string account, CancellationToken cancellationToken)
    {
        var state = StateFor(channel, provider, account);
        lock (state)
        {
            return Task.FromResult(state.Circuit);
        }
    }

    private ThrottleState StateFor(Channel channel, string provider, string account) =>
        _providers.GetOrAdd((channel, provider, account), static _ => new ThrottleState());
}
