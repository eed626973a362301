using Notify.Sandbox.Common;

namespace Notify.Sandbox.Faults;

/// <summary>
/// The faults that are set, in the order in which they were. The first that hits a request decides; slow ones add up before it.
/// </summary>
internal sealed class FaultList(SandboxOptions options, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly List<ActiveFault> _faults = [];

    /// <summary>Decides on one request, and counts it.</summary>
    public FaultVerdict Decide(string provider)
    {
        lock (_lock)
        {
            var delay = TimeSpan.Zero;
            foreach (var active in _faults)
            {
                if (!Concerns(active.Fault, provider) || !active.Hits(clock.GetUtcNow()))
                {
                    continue;
                }
                delay += active.Fault.DelayBefore;
                if (active.Fault.Mode != FaultMode.Slow)
                {
                    return new FaultVerdict(active.Fault, delay);
                }
            }
            return new FaultVerdict(null, delay);
        }
    }

    /// <summary>Sets one; it takes the place of the one with its provider and mode.</summary>
    public void Set(Fault fault)
    {
        lock (_lock)
        {
            var active = Activate(fault);
            var place = _faults.FindIndex(f => f.Fault.Provider == fault.Provider && f.Fault.Mode == fault.Mode);
            if (place < 0)
            {
                _faults.Add(active);
            }
            else
            {
                _faults[place] = active;
            }
        }
    }

    /// <summary>Sets these and no others.</summary>
    public void Replace(IEnumerable<Fault> faults)
    {
        lock (_lock)
        {
            _faults.Clear();
            _faults.AddRange(faults.Select(Activate));
        }
    }

    /// <summary>Removes all faults, or a provider's.</summary>
    public void Clear(string? provider)
    {
        lock (_lock)
        {
            _faults.RemoveAll(f => provider is null || f.Fault.Provider == provider);
        }
    }

    /// <summary>What is set, with what it has done.</summary>
    public IReadOnlyList<FaultState> States()
    {
        lock (_lock)
        {
            return [.. _faults.Select(f => f.State(clock.GetUtcNow()))];
        }
    }

    private static bool Concerns(Fault fault, string provider) =>
        fault.Provider == provider
        // A provider's token endpoint fails only when it is named.
        || (fault.Provider == ProviderNames.Any && provider != ProviderNames.FcmToken);

    private ActiveFault Activate(Fault fault) => new(fault, new Random(fault.Seed ?? options.Seed), clock.GetUtcNow());

    /// <summary>A fault at work. Guarded by the list's lock.</summary>
    private sealed class ActiveFault(Fault fault, Random random, DateTimeOffset since)
    {
        private long _seen;
        private long _hits;

        public Fault Fault => fault;

        public bool Hits(DateTimeOffset now)
        {
            if (IsOver(now))
            {
                return false;
            }
            _seen++;
            var hit = random.NextDouble() < fault.Probability;
            _hits += hit ? 1 : 0;
            return hit;
        }

        public FaultState State(DateTimeOffset now) => new(fault, _seen, _hits, !IsOver(now));

        private bool IsOver(DateTimeOffset now) => _seen >= fault.Count || now - since >= fault.Duration;
    }
}

/// <summary>A fault, how many requests it was asked about, how many it hit, and whether it still applies.</summary>
internal sealed record FaultState(Fault Fault, long Seen, long Hits, bool Active);
