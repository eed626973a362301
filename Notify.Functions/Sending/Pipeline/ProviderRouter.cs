using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Sending.Throttling;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>
/// Which deliveries go to which provider and when: the first provider in order whose circuit is closed, as its rate allows. What is worth
/// waiting for waits here.
/// </summary>
public sealed class ProviderRouter(
    ProviderSelection providers, SharedThrottle throttle, WaitingRoom room, IOptions<ChannelsOptions> channels,
    IOptions<ResilienceOptions> options, TimeProvider time)
{
    // What comes back a little early waits for the rate in the sender; what comes back late has wasted it.
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(1);

    // Times this near to each other are worth one message.
    private static readonly TimeSpan OneMessage = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    // A queue message can be invisible for seven days.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(6);

    /// <summary>
    /// Finds a way for every delivery of one class, step by step: what a step has is to be sent, or put off, at once and not when the last
    /// step is done.
    /// </summary>
    public async IAsyncEnumerable<Routing> RouteAsync(
        Channel channel, RateClass of, IReadOnlyList<SendWork> chunk, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var senders = providers.Select(channel);
        if (senders[0].IsOurs)
        {
            yield return new Routing([new Route(senders[0], chunk, null)], []);
            yield break;
        }
        var back = chunk.Where(work => work.Delivery.Deferral is { Since: > 0 }).Select(work => work.Delivery.Deferral!.Since).ToList();
        var isBack = back.Count == chunk.Count;
        using var place = room.TryEnter(channel, of, isBack);
        var request = new ThrottleRequest(
            channel, of, place is null ? ThrottleMode.Pass : ThrottleMode.Enter, Tickets.New(), isBack ? back.Min() : 0, []);
        var deadline = time.GetUtcNow() + (3 * options.Value.LongestWait);
        for (var rest = chunk; rest.Count > 0;)
        {
            var (answer, candidate) = await AskAsync(request, senders, rest, cancellationToken);
            if (candidate is null)
            {
                yield return new Routing([], [.. rest.Select(work => ForProvider(work, answer))]);
                yield break;
            }
            rest = [.. candidate.Requests.Skip(answer.Considered).SelectMany(request => request)];
            var open = candidate.Requests.Take(answer.Considered).ToList();
            request = request with { Since = answer.Since };
            while (true)
            {
                yield return Step(request, candidate.Sender, open, answer);
                open = [.. open.Skip(answer.Granted).Take(answer.Kept)];
                if (open.Count == 0)
                {
                    break;
                }
                await Task.Delay(answer.Again, time, cancellationToken);
                var mode = time.GetUtcNow() > deadline ? ThrottleMode.Leave : ThrottleMode.Wait;
                answer = await throttle.AdmitAsync(For(request with { Mode = mode }, candidate.Sender, open.Count), cancellationToken);
                if (answer.Candidate is null)
                {
                    // The circuit has opened meanwhile: the others are asked.
                    rest = [.. open.SelectMany(request => request), .. rest];
                    break;
                }
            }
        }
    }

    /// <summary>Finds another provider for what one has not accepted: one that takes it at once, or <see langword="null"/>.</summary>
    public async Task<Route?> AnotherAsync(
        Channel channel, RateClass of, IReadOnlyList<SendWork> refused, IReadOnlySet<string> tried, CancellationToken cancellationToken)
    {
        var senders = providers.Select(channel).Where(sender => !tried.Contains(sender.Name)).ToList();
        if (senders.Count == 0)
        {
            return null;
        }
        var request = new ThrottleRequest(channel, of, ThrottleMode.Only, Tickets.New(), 0, []);
        var (answer, candidate) = await AskAsync(request, senders, refused, cancellationToken);
        return candidate is not null && Step(request, candidate.Sender, candidate.Requests, answer).Routes is [var route] ? route : null;
    }

    private async Task<(ThrottleAnswer Answer, Candidate? Candidate)> AskAsync(
        ThrottleRequest request, IEnumerable<IProviderSender> senders, IReadOnlyList<SendWork> chunk, CancellationToken cancellationToken)
    {
        var candidates = senders.Select(sender => new Candidate(sender, ProviderRequests.Group(sender, chunk))).ToList();
        var rate = channels.Value.For(request.Channel).RateLimit;
        var answer = await throttle.AdmitAsync(
            request with
            {
                Candidates = [.. candidates.Select(candidate =>
                new ThrottleCandidate(candidate.Sender.Name, candidate.Sender.Account, candidate.Requests.Count, rate))]
            },
            cancellationToken);
        return (answer, answer.Candidate is { } index ? candidates[index] : null);
    }

    private ThrottleRequest For(ThrottleRequest request, IProviderSender sender, int requests) =>
        request with
        {
            Candidates = [new ThrottleCandidate(sender.Name, sender.Account, requests,
            channels.Value.For(request.Channel).RateLimit)]
        };

    private Routing Step(
        ThrottleRequest request, IProviderSender sender, IReadOnlyList<IReadOnlyList<SendWork>> open, ThrottleAnswer answer)
    {
        IReadOnlyList<Route> routes = answer.Granted == 0
            ? []
            : [new Route(sender, [.. open.Take(answer.Granted).SelectMany(request => request)],
                new Grant(throttle, For(request, sender, 1), time)) { Granted = answer.Granted }];
        var later = open.Take(answer.Considered).Skip(answer.Granted + answer.Kept).SelectMany((request, index) => request.Select(
            work => Later(work, answer.Later + TimeSpan.FromTicks(answer.LaterInterval.Ticks * index / OneMessage.Ticks * OneMessage.Ticks),
                answer.Since)));
        return new Routing(routes, [.. later]);
    }

    private static WaitingWork Later(SendWork work, TimeSpan wait, long since) =>
        new(work, Within(wait - Early), new Deferral { Since = since });

    private DateTimeOffset WithoutProviderSince(SendWork work) => work.Delivery.Deferral?.WithoutProviderSince ?? time.GetUtcNow();

    private WaitingWork ForProvider(SendWork work, ThrottleAnswer answer) =>
        new(work, Within(answer.Reopens), new Deferral { WithoutProviderSince = WithoutProviderSince(work) })
        {
            Why = answer.Why,
        };

    private static TimeSpan Within(TimeSpan wait) =>
        wait < Shortest ? Shortest : wait > Longest ? Longest : TimeSpan.FromSeconds(Math.Round(wait.TotalSeconds));

    private sealed record Candidate(IProviderSender Sender, IReadOnlyList<IReadOnlyList<SendWork>> Requests);
}

/// <summary>A step on the way of a chunk's deliveries.</summary>
/// <param name="Routes">What goes now.</param>
/// <param name="Waiting">What comes again later.</param>
public sealed record Routing(IReadOnlyList<Route> Routes, IReadOnlyList<WaitingWork> Waiting);

/// <summary>Deliveries that go to a provider now.</summary>
/// <param name="Sender">The provider.</param>
/// <param name="Work">The deliveries.</param>
/// <param name="Grant">What lets their requests go; <see langword="null"/>: nothing need.</param>
public sealed record Route(IProviderSender Sender, IReadOnlyList<SendWork> Work, Grant? Grant)
{
    /// <summary>How many requests were granted.</summary>
    public int Granted { get; init; }
}

/// <summary>A delivery that cannot go now.</summary>
/// <param name="Work">The delivery.</param>
/// <param name="Delay">For how long.</param>
/// <param name="Deferral">Why.</param>
public sealed record WaitingWork(SendWork Work, TimeSpan Delay, Deferral Deferral)
{
    /// <summary>Why a provider refuses the account, where it waits for that.</summary>
    public string? Why { get; init; }
}
