using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;

namespace Notify.Functions.Sending.Throttling;

/// <summary>The gate of one process by itself: what it keeps to while Redis is away.</summary>
internal sealed class LocalProviderGate(IOptions<ResilienceOptions> options, TimeProvider time) : IProviderGate
{
    private readonly GateTerms _terms = new(options.Value);
    private readonly ConcurrentDictionary<(Channel, string, string), GateState> _providers = new();

    // Microseconds since an epoch of its own: only differences mean something.
    private long Now => GateTerms.Microseconds(time.GetUtcNow() - DateTimeOffset.UnixEpoch);

    /// <inheritdoc/>
    public Task<GateAnswer> AdmitAsync(GateQuestion question, CancellationToken cancellationToken)
    {
        var now = Now;
        long? reopens = null;
        string? why = null;
        for (var index = 0; index < question.Candidates.Count; index++)
        {
            var state = Of(question.Channel, question.Candidates[index].Provider, question.Candidates[index].Account);
            lock (state)
            {
                if (state.Admit(now, _terms, question, question.Candidates[index], out var wait) is { } answer)
                {
                    return Task.FromResult(answer with { Candidate = index });
                }
                reopens = reopens < wait ? reopens : wait;
                why = index == 0 ? state.Circuit.Why : why;
            }
        }
        return Task.FromResult(new GateAnswer(
            null, 0, 0, 0, default, default, default, GateTerms.Time(reopens ?? 0), Since: question.Since == 0 ? now : question.Since)
        {
            Why = why,
        });
    }

    /// <inheritdoc/>
    public Task<CircuitChange> ReportAsync(GateReport report, CancellationToken cancellationToken)
    {
        var state = Of(report.Channel, report.Provider, report.Account);
        lock (state)
        {
            return Task.FromResult(state.Report(Now, _terms, report));
        }
    }

    /// <inheritdoc/>
    public Task<CircuitState> CircuitAsync(Channel channel, string provider, string account, CancellationToken cancellationToken)
    {
        var state = Of(channel, provider, account);
        lock (state)
        {
            return Task.FromResult(state.Circuit);
        }
    }

    private GateState Of(Channel channel, string provider, string account) => _providers.GetOrAdd((channel, provider, account), static _ => new GateState());
}
