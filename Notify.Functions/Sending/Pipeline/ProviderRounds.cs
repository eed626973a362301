using System.Collections.Immutable;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Sending.Throttling;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>
/// Sends a claimed chunk: to its provider, and what that has provably not accepted, to the next one, within the chunk's time limit. A refusal
/// for good and an answer that was lost go to nobody else.
/// </summary>
public sealed class ProviderRounds(ProviderRouter router, ProviderCall call, SharedThrottle gate, TimeProvider time)
{
    /// <summary>Sends everything and returns an outcome for each delivery. Never throws for what a provider does.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="of">Whose rate it is.</param>
    /// <param name="route">The provider, and what lets the requests go.</param>
    /// <param name="claimed">What of the route's work is ours to send, and for how long.</param>
    public async Task<IReadOnlyList<SendOutcome>> SendAsync(Channel channel, RateClass of, Route route, ClaimedChunk claimed)
    {
        var left = claimed.Lease.Left;
        using var deadline = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        var outcomes = new Dictionary<SendWork, SendOutcome>(ReferenceEqualityComparer.Instance);
        var tried = new HashSet<string>(StringComparer.Ordinal);
        var failed = new Dictionary<SendWork, ImmutableList<FailedTry>>(ReferenceEqualityComparer.Instance);
        var next = route with { Work = claimed.Won };
        while (next is not null)
        {
            tried.Add(next.Sender.Name);
            var (results, tally) = await call.SendAsync(next, claimed.Lease, deadline.Token);
            foreach (var outcome in results)
            {
                outcomes[outcome.Work] = outcome with { Tried = failed.GetValueOrDefault(outcome.Work, []) };
            }
            if (next.Grant is not null)
            {
                await gate.ReportAsync(new ThrottleReport(
                    channel, next.Sender.Name, next.Sender.Account, tally.Succeeded, tally.Failed, tally.Limited, tally.Pause,
                    Math.Max(0, next.Granted - tally.Asked))
                {
                    Refused = tally.Refused,
                    Why = tally.Why,
                });
            }
            var refused = outcomes.Values.Where(outcome => ReasonToGoOn(outcome.Result) is not null).Select(outcome => outcome.Work).ToList();
            next = refused.Count == 0 || deadline.IsCancellationRequested || !claimed.Lease.IsWorthwhile
                ? null
                : await router.AnotherAsync(channel, of, refused, tried, CancellationToken.None);
            foreach (var work in next?.Work ?? [])
            {
                var last = outcomes[work];
                failed[work] = [.. last.Tried, new FailedTry(last.Provider, ReasonToGoOn(last.Result)!, time.GetUtcNow())];
            }
        }
        return [.. claimed.Won.Select(work => outcomes[work])];
    }

    // What the provider has provably not accepted, and another one may.
    private static string? ReasonToGoOn(SendResult result) =>
        result is SendResult.RateLimited or SendResult.Unavailable or SendResult.AccountRefused ? result.WhyNot() : null;

    /// <summary>Leaves what was granted to others where nothing of it is sent.</summary>
    public Task NotSentAsync(Channel channel, Route route) => route.Granted == 0
        ? Task.CompletedTask
        : gate.ReportAsync(new ThrottleReport(channel, route.Sender.Name, route.Sender.Account, 0, 0, Limited: false, TimeSpan.Zero, route.Granted));
}
