using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Telemetry;

namespace Notify.Functions.Intake;

/// <summary>
/// Says when the dispatchers are so far behind on a topic that the intake had better refuse what would go there. Each topic for itself: a
/// campaign never keeps an urgent event out.
/// </summary>
/// <remarks>
/// The lag is measured beside the requests, which never wait for it; one that is not known, or was measured too long ago, refuses nothing.
/// </remarks>
public sealed partial class ConsumerLagBackpressure(
    IConsumerLag lag, IOptions<BrokerOptions> options, NotifyMetrics metrics, TimeProvider time, ILogger<ConsumerLagBackpressure> logger)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Usable = TimeSpan.FromSeconds(15);
    private readonly ConcurrentDictionary<string, Gauge> _gauges = new(StringComparer.Ordinal);

    /// <summary>Whether the dispatchers are more than <see cref="BrokerOptions.MaxLag"/> records behind on the topic.</summary>
    public bool IsBehind(string topic)
    {
        if (options.Value.MaxLag == 0)
        {
            return false;
        }
        var gauge = _gauges.GetOrAdd(topic, static _ => new Gauge());
        if (gauge.TryStart(time.GetUtcNow() - Fresh))
        {
            _ = MeasureAsync(topic, gauge);
        }
        var behind = gauge.Lag(time.GetUtcNow() - Usable) is { } known && known > options.Value.MaxLag;
        if (gauge.Turned(behind))
        {
            Turned(topic, behind ? "refuses" : "takes", gauge.Lag(DateTimeOffset.MinValue) ?? 0);
        }
        return behind;
    }

    private async Task MeasureAsync(string topic, Gauge gauge)
    {
        try
        {
            var records = await lag.MeasureAsync(topic, options.Value.ConsumerGroup, CancellationToken.None);
            gauge.Set(records, time.GetUtcNow());
            metrics.Lag(topic, records);
        }
#pragma warning disable CA1031 // Nobody awaits this; without a measurement nothing is refused.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            gauge.GiveUp(time.GetUtcNow());
            Unknown(topic, fault.GetType().Name);
        }
    }

    [LoggerMessage(EventId = 1311, Level = LogLevel.Warning,
        Message = "The intake {what} events for {topic}: the dispatchers are {lag} records behind")]
    private partial void Turned(string topic, string what, long lag);

    [LoggerMessage(EventId = 1312, Level = LogLevel.Debug,
        Message = "How far the dispatchers are behind on {topic} is not known ({fault})")]
    private partial void Unknown(string topic, string fault);

    /// <summary>What is known of one topic.</summary>
    private sealed class Gauge
    {
        private readonly Lock _gate = new();
        private long? _lag;
        private DateTimeOffset _at = DateTimeOffset.MinValue;
        private DateTimeOffset _tried = DateTimeOffset.MinValue;
        private bool _running;
        private bool _behind;

        public bool TryStart(DateTimeOffset notAfter)
        {
            lock (_gate)
            {
                return !_running && _tried <= notAfter && (_running = true);
            }
        }

        public void Set(long lag, DateTimeOffset now)
        {
            lock (_gate)
            {
                (_lag, _at, _tried, _running) = (lag, now, now, false);
            }
        }

        public void GiveUp(DateTimeOffset now)
        {
            lock (_gate)
            {
                (_tried, _running) = (now, false);
            }
        }

        public long? Lag(DateTimeOffset notBefore)
        {
            lock (_gate)
            {
                return _at >= notBefore ? _lag : null;
            }
        }

        public bool Turned(bool behind)
        {
            lock (_gate)
            {
                var turned = _behind != behind;
                _behind = behind;
                return turned;
            }
        }
    }
}

/// <summary>The dispatchers are too far behind to take more.</summary>
internal sealed class DispatchersBehindException : Exception
{
    /// <summary>Makes one without a message.</summary>
    public DispatchersBehindException()
    {
    }

    /// <summary>Makes one with a message.</summary>
    public DispatchersBehindException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with an exception inside.</summary>
    public DispatchersBehindException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
