using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Sending.Throttling;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>
/// Sends a claimed chunk: to its provider, and what that has provably not accepted, to the next one, within the chunk's time limit. A refusal
/// for good and an answer that was lost go to nobody else.
/// </summary>
public sealed class ProviderRounds(ProviderRouter router, ProviderCall call, SharedGate gate, IOptions<SendingOptions> options, TimeProvider time)
{
    /// <summary>Sends everything and returns an outcome for each delivery. Never throws for what a provider does.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="of">Whose rate it is.</param>
    /// <param name="route">The provider, and what lets the requests go.</param>
    /// <param name="claimed">What of the route's work is ours to send.</param>
    public async Task<IReadOnlyList<SendOutcome>> SendAsync(Channel channel, RateClass of, Route route, IReadOnlyList<SendWork> claimed)
    {
        using var deadline = new CancellationTokenSource(options.Value.ChunkLimit, time);
        var outcomes = new Dictionary<SendWork, SendOutcome>(ReferenceEqualityComparer.Instance);
        var tried = new HashSet<string>(StringComparer.Ordinal);
        var next = route with { Work = claimed };
        while (next is not null)
        {
            tried.Add(next.Sender.Name);
            var (results, tally) = await call.SendAsync(next, deadline.Token);
            foreach (var outcome in results)
            {
                outcomes[outcome.Work] = outcome;
            }
            if (next.Grant is not null)
            {
                await gate.ReportAsync(new GateReport(
                    channel, next.Sender.Name, next.Sender.Account, tally.Succeeded, tally.Failed, tally.Limited, tally.Pause, Math.Max(0, next.Granted - tally.Asked)));
            }
            var refused = outcomes.Values.Where(outcome => outcome.Result is SendResult.RateLimited or SendResult.Unavailable).Select(outcome => outcome.Work).ToList();
            next = refused.Count == 0 || deadline.IsCancellationRequested
                ? null
                : await router.AnotherAsync(channel, of, refused, tried, CancellationToken.None);
        }
        return [.. claimed.Select(work => outcomes[work])];
    }

    /// <summary>Leaves what was granted to others where nothing of it is sent.</summary>
    public Task NotSentAsync(Channel channel, Route route) => route.Granted == 0
        ? Task.CompletedTask
        : gate.ReportAsync(new GateReport(channel, route.Sender.Name, route.Sender.Account, 0, 0, Limited: false, TimeSpan.Zero, route.Granted));
}
