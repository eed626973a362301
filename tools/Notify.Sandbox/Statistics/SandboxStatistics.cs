using System.Globalization;
using System.Text.Json;
using Notify.Sandbox.Common;
using Notify.Sandbox.Faults;

namespace Notify.Sandbox.Statistics;

/// <summary>Counts what came, what was accepted (per second, for tests of rates) and what was refused, by provider.</summary>
internal sealed class SandboxStatistics(TimeProvider clock)
{
    /// <summary>How many seconds with acceptances are remembered per provider.</summary>
    public const int RememberedSeconds = 7200;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Counts> _counts = ProviderNames.All.ToDictionary(p => p, _ => new Counts());
    private DateTimeOffset _since = clock.GetUtcNow();

    /// <summary>A request has come.</summary>
    public void Requested(string provider)
    {
        lock (_lock)
        {
            _counts[provider].Requests++;
        }
    }

    /// <summary>A request was accepted, with so many messages in it.</summary>
    public void Accepted(string provider, int messages)
    {
        lock (_lock)
        {
            _counts[provider].Accept(clock.GetUtcNow().ToUnixTimeSeconds(), messages);
        }
    }

    /// <summary>A request fell to a fault.</summary>
    public void Refused(string provider, FaultMode mode) =>
        Refused(provider, "fault:" + JsonNamingPolicy.CamelCase.ConvertName(mode.ToString()));

    /// <summary>A request was refused on its own account.</summary>
    public void Refused(string provider, int status) => Refused(provider, "status:" + status.ToString(CultureInfo.InvariantCulture));

    /// <summary>Starts again from nothing.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _since = clock.GetUtcNow();
            foreach (var provider in ProviderNames.All)
            {
                _counts[provider] = new Counts();
            }
        }
    }

    /// <summary>Everything counted, and since when.</summary>
    public (DateTimeOffset Since, IReadOnlyDictionary<string, ProviderStatistics> Providers) Read()
    {
        lock (_lock)
        {
            return (_since, _counts.ToDictionary(c => c.Key, c => c.Value.Read()));
        }
    }

    private void Refused(string provider, string reason)
    {
        lock (_lock)
        {
            var refused = _counts[provider].Refused;
            refused[reason] = refused.GetValueOrDefault(reason) + 1;
        }
    }

    private sealed class Counts
    {
        private readonly Queue<AcceptedSecond> _seconds = new();
        private AcceptedSecond? _current;
        private long _acceptedRequests;
        private long _acceptedMessages;

        public long Requests { get; set; }

        public Dictionary<string, long> Refused { get; } = new(StringComparer.Ordinal);

        public void Accept(long second, int messages)
        {
            _acceptedRequests++;
            _acceptedMessages += messages;
            if (_current?.UnixSecond == second)
            {
                _current.Requests++;
                _current.Messages += messages;
                return;
            }
            _current = new AcceptedSecond { UnixSecond = second, Requests = 1, Messages = messages };
            _seconds.Enqueue(_current);
            if (_seconds.Count > RememberedSeconds)
            {
                _seconds.Dequeue();
            }
        }

        public ProviderStatistics Read() => new()
        {
            Requests = Requests,
            AcceptedRequests = _acceptedRequests,
            AcceptedMessages = _acceptedMessages,
            Refused = new Dictionary<string, long>(Refused, StringComparer.Ordinal),
            MostRequestsInASecond = _seconds.Select(s => s.Requests).DefaultIfEmpty().Max(),
            MostMessagesInASecond = _seconds.Select(s => s.Messages).DefaultIfEmpty().Max(),
            Seconds = [.. _seconds.Select(s =>
                new AcceptedSecond { UnixSecond = s.UnixSecond, Requests = s.Requests, Messages = s.Messages })],
        };
    }
}
