namespace Notify.Functions.Sending.Throttling;

/// <summary>
/// One provider's rate limit and circuit, in whole microseconds and millionths of a request. The same rules as <c>Admit.lua</c> and
/// <c>Report.lua</c>; a test holds the two against each other.
/// </summary>
/// <remarks>
/// The limit is a token bucket. Who may not go now and is worth waiting for holds a ticket and asks again; the older ticket of a class goes
/// first. Each class below critical earns a share of what flows while it waits; what no share claims goes to the highest class that waits.
/// Who does not wait here comes again by the class's plan, which spreads them over time and refuses nobody.
/// </remarks>
internal sealed class ThrottleState
{
    private readonly (long Epoch, long All, long Failed)[] _window = new (long, long, long)[ThrottleTerms.Buckets];
    private readonly Dictionary<string, Ticket> _tickets = new(StringComparer.Ordinal);
    private readonly long[] _credit = new long[ThrottleTerms.Classes];
    private readonly long[] _plan = new long[ThrottleTerms.Classes];
    private long _tokens;
    private long _at;
    private long _open;
    private long _break;
    private long _good;
    private long _probes;
    private long _probesUntil;
    private long _hold;
    private long _factor = 1000;
    private long _factorAt;
    private long _refused;

    /// <summary>How the circuit stands.</summary>
    public CircuitState Circuit => new(_open > 0, Why);

    // Why the provider refuses the account, while the circuit is open for that.
    private string? Why { get; set; }

    /// <summary>Asks for requests; <see langword="null"/> where the circuit is open, for <paramref name="reopens"/>.</summary>
    public ThrottleAnswer? Admit(long now, ThrottleTerms terms, ThrottleRequest request, ThrottleCandidate asked, out long reopens)
    {
        long requests = asked.Requests;
        reopens = 0;
        if (_open > 0)
        {
            _probes = now >= _probesUntil ? 0 : _probes;
            reopens = now < _open ? _open - now : _probes >= terms.Probes ? 2_000_000 : 0;
            if (reopens > 0)
            {
                return null;
            }
            requests = Math.Min(requests, terms.Probes - _probes);
        }
        var since = request.Since == 0 ? now : request.Since;
        var answer = ThrottleTerms.Thousandths(asked.Rate) is > 0 and var rate
            ? Admit(now, terms, request, since, requests, rate)
            : new ThrottleAnswer(0, (int)requests, (int)requests, 0, default, default, default, default);
        if (_open > 0 && answer.Granted > 0)
        {
            (_probes, _probesUntil) = (_probes + answer.Granted, now + terms.ProbeLife);
        }
        return answer with { AreProbes = _open > 0, Since = since };
    }

    private ThrottleAnswer Admit(long now, ThrottleTerms terms, ThrottleRequest request, long since, long requests, long rate)
    {
        var own = (int)request.Class - 1;
        var pace = Math.Max(1, rate * Factor(now) / 1000);
        var gained = Fill(now, terms, pace);
        var (waiting, ahead) = Tickets(now, terms, request, since);
        waiting[own] += requests;

        var due = new long[ThrottleTerms.Classes];
        for (var k = 1; k < ThrottleTerms.Classes; k++)
        {
            // Who waits in a queue keeps what it has earned.
            _credit[k] = waiting[k] == 0 && _plan[k] <= now
                ? 0
                : Math.Min(_credit[k] + (gained * terms.Shares[k] / 1000), Math.Max(ThrottleTerms.Token, pace * terms.Shares[k] / 2));
            due[k] = Math.Min(waiting[k], _credit[k] / ThrottleTerms.Token);
        }
        var others = due.Sum() - due[own];
        var above = waiting[..own].Sum() - due[..own].Sum();
        var budget = now < _hold ? 0 : _tokens / ThrottleTerms.Token;
        var mine = Math.Clamp(Math.Max(Math.Min(due[own], budget - due[..own].Sum()), budget - others - above), 0, waiting[own]);
        var granted = Math.Clamp(mine - ahead, 0, requests);
        _tokens -= granted * ThrottleTerms.Token;
        _credit[own] = Math.Max(0, _credit[own] - (granted * ThrottleTerms.Token));

        // What is left waits here, or comes again.
        var left = requests - granted;
        var sharesOfOthers = Enumerable.Range(0, ThrottleTerms.Classes).Where(k => k != own && waiting[k] > 0).Sum(k => terms.Shares[k]);
        var ownPace = Math.Max(1, pace * (waiting[..own].Sum() > 0 ? terms.Shares[own] : 1000 - sharesOfOthers) / 1000);
        var held = Math.Max(0, _hold - now);
        // The first of a class waits, however long: it earns its share meanwhile.
        var worth = Math.Max(0, (terms.Patience * (request.Class == RateClass.Critical ? 2 : 1)) - held) * ownPace / 1_000_000_000;
        var kept = request.Mode switch
        {
            ThrottleMode.Enter => Math.Clamp(Math.Max(1, worth) - ahead, 0, left),
            ThrottleMode.Wait => left,
            _ => 0,
        };
        var later = 0L;
        if (left > kept && request.Mode != ThrottleMode.Only)
        {
            var far = request.Class == RateClass.Rest ? terms.FarRest : terms.FarUrgent;
            later = Math.Min(Math.Max(_plan[own] - now, held + ((ahead + kept + 1) * 1_000_000_000 / ownPace)), far);
            _plan[own] = Math.Min(Math.Max(_plan[own], now + later) + ((left - kept) * 1_000_000_000 / ownPace), now + far);
        }
        if (kept > 0)
        {
            _tickets[request.Ticket] = new Ticket(own, since, kept, now);
        }
        else
        {
            _tickets.Remove(request.Ticket);
        }
        var again = held > 0
            ? Math.Clamp(held, 20_000, 1_000_000)
            : Math.Clamp(Again(terms, own, ahead, due[..own].Sum(), others + above) / pace, 20_000, terms.Depth / 2);
        return new ThrottleAnswer(
            0, (int)requests, (int)granted, (int)kept, ThrottleTerms.Time(again), ThrottleTerms.Time(later),
            ThrottleTerms.Time(1_000_000_000 / ownPace), default);
    }

    // When the first of a ticket may go: when all that is before it has gone, or by the share of its class, which may come sooner.
    private long Again(ThrottleTerms terms, int own, long ahead, long dueAbove, long before)
    {
        var byTurn = (((before + ahead + 1) * ThrottleTerms.Token) - _tokens) * 1000;
        return own == 0
            ? byTurn
            : Math.Min(byTurn, Math.Max((((dueAbove + ahead + 1) * ThrottleTerms.Token) - _tokens) * 1000,
                (((ahead + 1) * ThrottleTerms.Token) - _credit[own]) * 1_000_000 / terms.Shares[own]));
    }

    // What has flowed in since; the bucket holds no more than half a second's, and at least one.
    private long Fill(long now, ThrottleTerms terms, long pace)
    {
        var full = Math.Max(ThrottleTerms.Token, terms.Depth * pace / 1000);
        var passed = Math.Min(Math.Max(0, now - Math.Max(_at, _hold)), (full * 1000 / pace) + 1);
        var gained = passed * pace / 1000;
        _tokens = Math.Min(_tokens + gained, full);
        _at = Math.Max(_at, now);
        return gained;
    }

    // How many wait of each class, without the one who asks, and how many of its own before it.
    private (long[] Waiting, long Ahead) Tickets(long now, ThrottleTerms terms, ThrottleRequest request, long since)
    {
        var (waiting, ahead) = (new long[ThrottleTerms.Classes], 0L);
        foreach (var (name, ticket) in _tickets)
        {
            if (string.Equals(name, request.Ticket, StringComparison.Ordinal))
            {
                continue;
            }
            if (ticket.Seen < now - terms.TicketLife)
            {
                _tickets.Remove(name);
                continue;
            }
            waiting[ticket.Class] += ticket.Requests;
            if (ticket.Class == (int)request.Class - 1
                && (ticket.Since < since || (ticket.Since == since && string.CompareOrdinal(name, request.Ticket) < 0)))
            {
                ahead += ticket.Requests;
            }
        }
        return (waiting, ahead);
    }

    /// <summary>Takes in what became of requests.</summary>
    public CircuitChange Report(long now, ThrottleTerms terms, ThrottleReport report)
    {
        if (report.Limited)
        {
            _hold = Math.Max(_hold, now + ThrottleTerms.Microseconds(report.Pause));
            (_tokens, _at) = (0, Math.Max(_at, now));
            if (now - _factorAt >= 1_000_000)
            {
                (_factor, _factorAt) = (Math.Max(ThrottleTerms.LeastFactor, Factor(now) / 2), now);
            }
        }
        if (_open == 0)
        {
            _tokens += report.Limited ? 0 : report.Unused * ThrottleTerms.Token;
            return ReportClosed(now, terms, report);
        }
        if (now < _open)
        {
            // The answer to a request from before.
            return CircuitChange.None;
        }
        if (report.Failed > 0 || report.Refused > report.Succeeded)
        {
            // Why the account is refused stays true until something is taken.
            Open(now, Math.Min(_break * 2, terms.LongestBreak), report.Why ?? Why);
            return CircuitChange.StaysOpen;
        }
        _good += report.Succeeded + report.Refused;
        if (_good < terms.Probes)
        {
            _probes = Math.Max(0, _probes - report.Unused);
            return CircuitChange.None;
        }
        (_open, _good, _probes, _probesUntil, Why) = (0, 0, 0, 0, null);
        return CircuitChange.Closed;
    }

    private CircuitChange ReportClosed(long now, ThrottleTerms terms, ThrottleReport report)
    {
        var epoch = now / terms.BucketLength;
        ref var own = ref _window[epoch % ThrottleTerms.Buckets];
        own = own.Epoch == epoch ? own : (epoch, 0, 0);
        own = (epoch, own.All + report.Succeeded + report.Failed, own.Failed + report.Failed);
        var (all, failed) = (0L, 0L);
        foreach (var bucket in _window.Where(bucket => bucket.Epoch > epoch - ThrottleTerms.Buckets))
        {
            (all, failed) = (all + bucket.All, failed + bucket.Failed);
        }
        // What concerns the account concerns every message: it is refused where nothing else goes, or some in a row.
        _refused = report.Succeeded > 0 && report.Succeeded >= report.Refused ? 0 : _refused + report.Refused;
        var isRefused = report.Refused > 0 && (_refused >= terms.Probes || all == failed);
        if (!isRefused && (report.Failed == 0 || all < terms.Minimum || failed * 1000 < terms.Ratio * all))
        {
            return CircuitChange.None;
        }
        Array.Clear(_window);
        Open(now, terms.Break, isRefused ? report.Why : null);
        return CircuitChange.Opened;
    }

    private void Open(long now, long length, string? why) =>
        (_open, _break, _good, _probes, _probesUntil, _refused, Why) = (now + length, length, 0, 0, 0, 0, why);

    private long Factor(long now) => Math.Min(1000, _factor + (Math.Max(0, now - _factorAt) * ThrottleTerms.Recovery / 1_000_000));

    /// <summary>Who waits.</summary>
    private readonly record struct Ticket(int Class, long Since, long Requests, long Seen);
}
