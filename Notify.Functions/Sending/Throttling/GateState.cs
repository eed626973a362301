namespace Notify.Functions.Sending.Throttling;

/// <summary>
/// One provider's rate limit and circuit, in whole microseconds. The same rules as <c>Admit.lua</c> and <c>Report.lua</c>; a test holds the two against each other.
/// </summary>
/// <remarks>
/// The limit is a token bucket written as the time at which its next request may go. Each lane has two such times: the <em>gate</em>, which every request passes, and the
/// <em>plan</em>, which hands out turns to what cannot go soon: whoever has waited for its turn goes to the gate before those that have not.
/// </remarks>
internal sealed class GateState
{
    private readonly (long Epoch, long All, long Failed)[] _window = new (long, long, long)[GateTerms.Buckets];
    private readonly Lane _bulk = new();
    private readonly Lane _urgent = new();
    private long _open;
    private long _break;
    private long _good;
    private long _probes;
    private long _probesUntil;
    private long _hold;
    private long _factor = 1000;
    private long _factorAt;

    /// <summary>Asks for requests; <see langword="null"/> where the circuit is open, for <paramref name="reopens"/>.</summary>
    public GateAnswer? Admit(long now, GateTerms terms, bool isUrgent, GateCandidate asked, out long reopens)
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
        var factor = Factor(now);
        var earliest = Math.Max(_hold, now - terms.Depth);
        // Urgent requests have a share of their own, and the other one where no bulk waits for it.
        var isOwn = isUrgent && !(_bulk.Plan <= now && Math.Max(_bulk.Gate, earliest) < Math.Max(_urgent.Gate, earliest));
        var (lane, share) = (isUrgent ? _urgent : _bulk, isOwn ? _urgent : _bulk);
        var interval = terms.Interval(asked.Rate, isOwn) * 1000 / factor;
        var start = Math.Max(share.Gate, earliest);
        var patience = now + (terms.Horizon * (asked.HasTurn ? 2 : 1));
        var granted = !(asked.HasTurn || lane.Plan <= now) || start > patience ? 0
            : interval == 0 ? requests
            : Math.Min(requests, ((patience - start) / interval) + 1);
        var gate = granted > 0 ? start + (granted * interval) : share.Gate;
        var rest = requests - granted;
        var laterInterval = terms.Interval(asked.Rate, isUrgent) * 1000 / factor;
        var later = Math.Max(Math.Max(gate, earliest), now);
        if (rest > 0 && !asked.HasTurn)
        {
            later = Math.Max(lane.Plan, later);
            lane.Plan = later + (rest * laterInterval);
        }
        if (granted > 0)
        {
            share.Gate = gate;
            if (_open > 0)
            {
                (_probes, _probesUntil) = (_probes + granted, now + terms.ProbeLife);
            }
        }
        return new GateAnswer(
            0, (int)requests, (int)granted, GateTerms.Time(start - now), GateTerms.Time(_open > 0 ? 0 : interval), GateTerms.Time(later - now), GateTerms.Time(laterInterval), TimeSpan.Zero, AreProbes: _open > 0);
    }

    /// <summary>Takes in what became of requests.</summary>
    public CircuitChange Report(long now, GateTerms terms, GateReport report)
    {
        if (report.Limited)
        {
            _hold = Math.Max(_hold, now + GateTerms.Microseconds(report.Pause));
            if (now - _factorAt >= 1_000_000)
            {
                (_factor, _factorAt) = (Math.Max(GateTerms.LeastFactor, Factor(now) / 2), now);
            }
        }
        if (_open == 0)
        {
            return ReportClosed(now, terms, report);
        }
        if (now < _open)
        {
            // The answer to a request from before.
            return CircuitChange.None;
        }
        if (report.Failed > 0)
        {
            Open(now, Math.Min(_break * 2, terms.LongestBreak));
            return CircuitChange.StaysOpen;
        }
        _good += report.Succeeded;
        if (_good < terms.Probes)
        {
            _probes = Math.Max(0, _probes - report.UnusedProbes);
            return CircuitChange.None;
        }
        (_open, _good, _probes, _probesUntil) = (0, 0, 0, 0);
        return CircuitChange.Closed;
    }

    private CircuitChange ReportClosed(long now, GateTerms terms, GateReport report)
    {
        var epoch = now / terms.BucketLength;
        ref var own = ref _window[epoch % GateTerms.Buckets];
        own = own.Epoch == epoch ? own : (epoch, 0, 0);
        own = (epoch, own.All + report.Succeeded + report.Failed, own.Failed + report.Failed);
        var (all, failed) = (0L, 0L);
        foreach (var bucket in _window.Where(bucket => bucket.Epoch > epoch - GateTerms.Buckets))
        {
            (all, failed) = (all + bucket.All, failed + bucket.Failed);
        }
        if (report.Failed == 0 || all < terms.Minimum || failed * 1000 < terms.Ratio * all)
        {
            return CircuitChange.None;
        }
        Array.Clear(_window);
        Open(now, terms.Break);
        return CircuitChange.Opened;
    }

    private void Open(long now, long length) => (_open, _break, _good, _probes, _probesUntil) = (now + length, length, 0, 0, 0);

    private long Factor(long now) => Math.Min(1000, _factor + (Math.Max(0, now - _factorAt) * GateTerms.Recovery / 1_000_000));

    private sealed class Lane
    {
        /// <summary>When the next request may go.</summary>
        public long Gate { get; set; }

        /// <summary>The next turn to hand out.</summary>
        public long Plan { get; set; }
    }
}
