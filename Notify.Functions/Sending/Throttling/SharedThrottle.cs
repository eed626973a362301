using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Telemetry;

namespace Notify.Functions.Sending.Throttling;

/// <summary>The gate of all instances, and while that is away, one of this process alone. Never throws but on cancellation.</summary>
public sealed partial class SharedThrottle(
    IProviderThrottle shared, IOptions<ResilienceOptions> options, NotifyMetrics metrics, TimeProvider time, ILogger<SharedThrottle> logger)
{
    private readonly LocalProviderThrottle _own = new(options, time);
    private int _away;

    /// <summary>Asks for a chunk's requests.</summary>
    public async Task<ThrottleAnswer> AdmitAsync(ThrottleRequest request, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(gate => gate.AdmitAsync(request, cancellationToken), cancellationToken);
        // Those before the one that takes it have been passed over.
        foreach (var (index, candidate) in request.Candidates.Take((answer.Candidate ?? request.Candidates.Count) + 1).Index())
        {
            metrics.Circuit(request.Channel, candidate.Provider, isOpen: index != answer.Candidate || answer.AreProbes);
        }
        if (answer.Candidate is { } taker && request.Mode is not (ThrottleMode.Wait or ThrottleMode.Leave))
        {
            metrics.RateWait(request.Channel, request.Candidates[taker].Provider, answer.Granted > 0 ? TimeSpan.Zero : answer.Kept > 0
                ? answer.Again : answer.Later);
        }
        return answer;
    }

    /// <summary>How a provider's circuit stands.</summary>
    public Task<CircuitState> CircuitAsync(Channel channel, string provider, string account, CancellationToken cancellationToken) =>
        AskAsync(gate => gate.CircuitAsync(channel, provider, account, cancellationToken), cancellationToken);

    /// <summary>Says what became of requests. Whoever changes the circuit by it logs that, so it is logged once.</summary>
    public async Task ReportAsync(ThrottleReport report)
    {
        if (report.Refused > 0)
        {
            metrics.AccountRefused(report.Channel, report.Provider, report.Why!, report.Refused);
        }
        switch (await AskAsync(gate => gate.ReportAsync(report, CancellationToken.None), CancellationToken.None))
        {
            case CircuitChange.Opened when report.Why is { } why:
                Refused(report.Provider, report.Channel.Name(), why);
                break;
            case CircuitChange.Opened:
                Opened(report.Provider, report.Channel.Name());
                break;
            case CircuitChange.StaysOpen:
                StaysOpen(report.Provider, report.Channel.Name());
                break;
            case CircuitChange.Closed:
                Closed(report.Provider, report.Channel.Name());
                break;
            case CircuitChange.None:
            default:
                break;
        }
    }

    private async Task<T> AskAsync<T>(Func<IProviderThrottle, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await ask(shared);
            if (Interlocked.Exchange(ref _away, 0) == 1)
            {
                Back();
            }
            return answer;
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            if (Interlocked.Exchange(ref _away, 1) == 0)
            {
                Away(fault.GetType().Name);
            }
            return await ask(_own);
        }
    }

    [LoggerMessage(EventId = 2501, Level = LogLevel.Error,
        Message = "The circuit of {provider} ({channel}) has opened: nothing is sent there for a while")]
    private partial void Opened(string provider, string channel);

    [LoggerMessage(EventId = 2506, Level = LogLevel.Error,
        Message = "{provider} ({channel}) refuses our account: {why}. Nothing is sent there until it takes messages again")]
    private partial void Refused(string provider, string channel, string why);

    [LoggerMessage(EventId = 2502, Level = LogLevel.Warning,
        Message = "The circuit of {provider} ({channel}) stays open: a probe has failed")]
    private partial void StaysOpen(string provider, string channel);

    [LoggerMessage(EventId = 2503, Level = LogLevel.Warning, Message = "The circuit of {provider} ({channel}) is closed again")]
    private partial void Closed(string provider, string channel);

    [LoggerMessage(EventId = 2504, Level = LogLevel.Warning,
        Message = "Shared rate limits and circuits are away ({fault}); this instance keeps its own")]
    private partial void Away(string fault);

    [LoggerMessage(EventId = 2505, Level = LogLevel.Warning, Message = "Shared rate limits and circuits are back")]
    private partial void Back();
}
