namespace Notify.Bench.Prove;

/// <summary>What was done to the service.</summary>
internal sealed class Counters
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _pending = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _kills = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _outages = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _pauses = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _faults = new(StringComparer.Ordinal);

    /// <summary>Processes killed, by role, by SIGKILL from outside or from inside.</summary>
    public IReadOnlyDictionary<string, int> Kills => Copy(_kills);

    /// <summary>How many of them were dispatchers.</summary>
    public int DispatcherKills => Kills.Where(kill => kill.Key.StartsWith("dispatch", StringComparison.Ordinal)).Sum(kill => kill.Value);

    /// <summary>Those that have killed themselves, by the place.</summary>
    public IReadOnlyDictionary<string, int> Places => Copy(_places);

    /// <summary>Backends taken away, by backend.</summary>
    public IReadOnlyDictionary<string, int> Outages => Copy(_outages);

    /// <summary>Faults of providers and other mischief.</summary>
    public IReadOnlyDictionary<string, int> Faults => Copy(_faults);

    public void Kill(ProcessRole processRole)
    {
        lock (_gate)
        {
            Add(_kills, processRole.Name);
            Add(_pending, processRole.Name);
        }
    }

    /// <summary>Whether a process that has ended was killed by nobody but itself.</summary>
    public bool EndedByItself(ProcessRole processRole)
    {
        lock (_gate)
        {
            if (_pending.GetValueOrDefault(processRole.Name) == 0)
            {
                return true;
            }
            _pending[processRole.Name]--;
            return false;
        }
    }

    /// <summary>Processes stopped for a while, by role.</summary>
    public IReadOnlyDictionary<string, int> Pauses => Copy(_pauses);

    public void Pause(ProcessRole processRole)
    {
        lock (_gate)
        {
            Add(_pauses, processRole.Name);
        }
    }

    public void DiedAt(ProcessRole processRole, string place)
    {
        lock (_gate)
        {
            Add(_kills, processRole.Name);
            Add(_places, place);
        }
    }

    public void Outage(string backend)
    {
        lock (_gate)
        {
            Add(_outages, backend);
        }
    }

    public void Fault(string what)
    {
        lock (_gate)
        {
            Add(_faults, what);
        }
    }

    private static void Add(IDictionary<string, int> counts, string name) =>
        counts[name] = (counts.TryGetValue(name, out var count) ? count : 0) + 1;

    private SortedDictionary<string, int> Copy(SortedDictionary<string, int> counts)
    {
        lock (_gate)
        {
            return new SortedDictionary<string, int>(counts, StringComparer.Ordinal);
        }
    }
}
