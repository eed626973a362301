using System.Collections.Immutable;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Sending.Throttling;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>
/// Sends a claimed chunk to its provider. What that provider certainly did not accept fails over to the next one, as long as the claim
/// lasts. A message that was refused for good, or whose response was lost, goes to no other provider.
/// </summary>
public sealed class ProviderDispatcher(ProviderRouter router, ProviderRequests requests, SharedThrottle throttle, TimeProvider time)
{
    /// <summary>Sends everything and returns an outcome for each delivery. Does not throw for anything that a provider does.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="rateClass">The class whose share of the rate limit is used.</param>
    /// <param name="route">The provider and the granted requests.</param>
    /// <param name="claimed">The part of the route's work that this sender owns, and for how long.</param>
    public async Task<IReadOnlyList<SendOutcome>> SendAsync(Channel channel, RateClass rateClass, Route route, ClaimedChunk claimed)
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
            var (results, tally) = await requests.SendAsync(next, claimed.Lease, deadline.Token);
            foreach (var outcome in results)
            {
                outcomes[outcome.Work] = outcome with { Tried = failed.GetValueOrDefault(outcome.Work, []) };
            }
            await ReportAsync(channel, next, tally);
            var refused = outcomes.Values.Where(outcome => RetryPolicy.FailoverReason(outcome.Result) is not null)
                .Select(outcome => outcome.Work).ToList();
            next = refused.Count == 0 || deadline.IsCancellationRequested || !claimed.Lease.IsWorthwhile
                ? null
                : await router.AnotherAsync(channel, rateClass, refused, tried, CancellationToken.None);
            foreach (var work in next?.Work ?? [])
            {
                var last = outcomes[work];
                failed[work] = [.. last.Tried, new FailedTry(last.Provider, RetryPolicy.FailoverReason(last.Result)!, time.GetUtcNow())];
            }
        }
        return [.. claimed.Won.Select(work => outcomes[work])];
    }

    /// <summary>Returns the granted requests of a route of which nothing is sent.</summary>
    public Task ReturnGrantAsync(Channel channel, Route route) => ReportAsync(channel, route, RequestTally.From([]));

    // Granted requests that were not made are returned.
    private async Task ReportAsync(Channel channel, Route route, RequestTally tally)
    {
        if (route.Grant is null)
        {
            return;
        }
        await throttle.ReportAsync(new ThrottleReport(
            channel, route.Sender.Name, route.Sender.Account, tally.Succeeded, tally.Failed, tally.Limited, tally.Pause,
            Math.Max(0, route.Granted - tally.Asked))
        {
            Refused = tally.Refused,
            Why = tally.Why,
        });
    }
}
