using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Sending.Throttling;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>Which deliveries of a chunk go to which provider now, and which wait: the first provider in order whose circuit is closed, as its rate allows.</summary>
public sealed class ProviderRouter(ProviderSelection providers, SharedGate gate, IOptions<ChannelsOptions> channels, TimeProvider time)
{
    // What comes back a little early waits for its turn in the sender; what comes back late has wasted it.
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(2);

    // Turns this near to each other are worth one message.
    private static readonly TimeSpan OneMessage = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    // A queue message can be invisible for seven days.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(6);

    /// <summary>Finds a way for every delivery of a chunk.</summary>
    public async Task<Routing> RouteAsync(Channel channel, bool isUrgent, IReadOnlyList<SendWork> chunk, CancellationToken cancellationToken)
    {
        var routing = new Routing([], []);
        var senders = providers.Of(channel);
        if (senders[0].IsOurs && chunk.Count > 0)
        {
            routing.Routes.Add(new Route(senders[0], chunk, null));
            return routing;
        }
        for (var rest = chunk; rest.Count > 0;)
        {
            var (answer, candidate) = await AskAsync(channel, isUrgent, senders, rest, work => work.Delivery.Deferral?.Turn, cancellationToken);
            if (candidate is null)
            {
                routing.Waiting.AddRange(rest.Select(work => ForProvider(work, answer.Reopens)));
                break;
            }
            var (sender, requests) = candidate;
            Take(routing, channel, isUrgent, sender, requests, answer);
            routing.Waiting.AddRange(requests.Skip(answer.Granted).Take(answer.Considered - answer.Granted).SelectMany((request, index) => request.Select(
                work => ForTurn(work, sender.Name, answer.Later + (TimeSpan.FromTicks(answer.LaterInterval.Ticks * index / OneMessage.Ticks * OneMessage.Ticks))))));
            rest = [.. requests.Skip(answer.Considered).SelectMany(request => request)];
        }
        return routing;
    }

    /// <summary>Finds another provider for what one has not accepted: one that takes it at once, or <see langword="null"/>.</summary>
    public async Task<Route?> AnotherAsync(
        Channel channel, bool isUrgent, IReadOnlyList<SendWork> refused, IReadOnlySet<string> tried, CancellationToken cancellationToken)
    {
        var senders = providers.Of(channel).Where(sender => !tried.Contains(sender.Name)).ToList();
        if (senders.Count == 0)
        {
            return null;
        }
        var routing = new Routing([], []);
        var (answer, candidate) = await AskAsync(channel, isUrgent, senders, refused, turn: null, cancellationToken);
        if (candidate is not null)
        {
            Take(routing, channel, isUrgent, candidate.Sender, candidate.Requests, answer);
        }
        return routing.Routes.FirstOrDefault();
    }

    // Without a function that tells whose turn a delivery has waited for, none is reserved: it goes now or not at all.
    private async Task<(GateAnswer Answer, Candidate? Candidate)> AskAsync(
        Channel channel, bool isUrgent, IEnumerable<IProviderSender> senders, IReadOnlyList<SendWork> chunk, Func<SendWork, string?>? turn, CancellationToken cancellationToken)
    {
        var candidates = senders.Select(sender => new Candidate(sender, SendRequests.Of(sender, chunk))).ToList();
        var answer = await gate.AdmitAsync(
            new GateQuestion(channel, isUrgent, [.. candidates.Select(candidate => new GateCandidate(
                candidate.Sender.Name,
                candidate.Requests.Count,
                channels.Value.Of(channel).RateLimit,
                turn is null || chunk.All(work => string.Equals(turn(work), candidate.Sender.Name, StringComparison.Ordinal))))]),
            cancellationToken);
        return (answer, answer.Candidate is { } index ? candidates[index] : null);
    }

    private void Take(Routing routing, Channel channel, bool isUrgent, IProviderSender sender, IReadOnlyList<IReadOnlyList<SendWork>> requests, GateAnswer answer)
    {
        if (answer.Granted > 0)
        {
            var one = new GateQuestion(channel, isUrgent, [new GateCandidate(sender.Name, 1, channels.Value.Of(channel).RateLimit, HasTurn: true)]);
            var pace = new Pace(time.GetUtcNow() + answer.Wait, answer.Interval, token => gate.AdmitAsync(one, token), time);
            routing.Routes.Add(new Route(sender, [.. requests.Take(answer.Granted).SelectMany(request => request)], pace) { Probes = answer.AreProbes ? answer.Granted : 0 });
        }
    }

    private static WaitingWork ForTurn(SendWork work, string provider, TimeSpan wait) => new(work, Within(wait - Early), new Deferral { Turn = provider });

    private WaitingWork ForProvider(SendWork work, TimeSpan wait) =>
        new(work, Within(wait), new Deferral { WithoutProviderSince = work.Delivery.Deferral?.WithoutProviderSince ?? time.GetUtcNow() });

    private static TimeSpan Within(TimeSpan wait) => wait < Shortest ? Shortest : wait > Longest ? Longest : wait;

    private sealed record Candidate(IProviderSender Sender, IReadOnlyList<IReadOnlyList<SendWork>> Requests);
}

/// <summary>The ways of a chunk's deliveries.</summary>
/// <param name="Routes">What goes now.</param>
/// <param name="Waiting">What does not.</param>
public sealed record Routing(List<Route> Routes, List<WaitingWork> Waiting);

/// <summary>Deliveries that go to a provider now.</summary>
/// <param name="Sender">The provider.</param>
/// <param name="Work">The deliveries.</param>
/// <param name="Pace">When each of the requests may start; <see langword="null"/>: at once.</param>
public sealed record Route(IProviderSender Sender, IReadOnlyList<SendWork> Work, Pace? Pace)
{
    /// <summary>How many requests are probes of a half-open circuit.</summary>
    public int Probes { get; init; }
}

/// <summary>A delivery that cannot go now.</summary>
/// <param name="Work">The delivery.</param>
/// <param name="Delay">For how long.</param>
/// <param name="Deferral">Why.</param>
public sealed record WaitingWork(SendWork Work, TimeSpan Delay, Deferral Deferral);
