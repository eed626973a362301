using System.Diagnostics.Metrics;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;

namespace Notify.Functions.Telemetry;

/// <summary>
/// What the service counts and measures, by the meter <c>Notify</c>. Tags are names of the service's own and providers' codes, never an id,
/// an address or a payload. What is done again after a process died may be counted again: the ledger is exact, these are for dashboards and
/// alerts.
/// </summary>
public sealed class NotifyMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Notify";

    // Seconds: from a promise of half a second to deliveries that wait for hours.
    private static readonly double[] LatencySteps = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600, 14400, 86400];
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _decided;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _retried;
    private readonly Counter<long> _withheld;
    private readonly Counter<long> _ambiguous;
    private readonly Counter<long> _deferred;
    private readonly Counter<long> _deadLettered;
    private readonly Counter<long> _accountRefused;
    private readonly Counter<long> _late;
    private readonly Counter<long> _delivered;
    private readonly Counter<long> _reports;
    private readonly Histogram<double> _latency;
    private readonly Histogram<double> _rateWait;
    private readonly Gauge<int> _circuit;
    private readonly Gauge<long> _lag;
    private readonly Gauge<long> _depth;
    private readonly Gauge<double> _oldest;
    private readonly Gauge<double> _lateness;

    /// <summary>Makes the instruments.</summary>
    public NotifyMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(MeterName);
        _accepted = meter.CreateCounter<long>("notify.events.accepted", "{event}", "Events that were dispatched for the first time.");
        _rejected = meter.CreateCounter<long>("notify.events.rejected", "{record}",
            "Records that were set aside, by the first fault's code.");
        _duplicates = meter.CreateCounter<long>("notify.events.duplicates", "{event}", "Events that were there already.");
        _decided = meter.CreateCounter<long>("notify.deliveries.decided", "{delivery}",
            "Deliveries that were decided, by decision and reason.");
        _sent = meter.CreateCounter<long>("notify.deliveries.sent", "{delivery}", "Deliveries that a provider has accepted.");
        _failed = meter.CreateCounter<long>("notify.deliveries.failed", "{delivery}",
            "Deliveries that were given up, by the provider's code.");
        _retried = meter.CreateCounter<long>("notify.deliveries.retried", "{delivery}", "Attempts that another one follows.");
        _withheld = meter.CreateCounter<long>("notify.deliveries.withheld", "{delivery}",
            "Deliveries that were to be sent and then were not, by reason.");
        _ambiguous = meter.CreateCounter<long>("notify.deliveries.ambiguous", "{delivery}", "Attempts whose answer is lost.");
        _deferred = meter.CreateCounter<long>("notify.deliveries.deferred", "{delivery}",
            "Deliveries that wait for their turn or for a provider.");
        _deadLettered = meter.CreateCounter<long>("notify.deliveries.dead_lettered", "{delivery}", "Dead letters, by cause.");
        _accountRefused = meter.CreateCounter<long>("notify.account.refused", "{request}",
            "Requests that a provider has refused for the account's or the sender's sake.");
        _late = meter.CreateCounter<long>("notify.deliveries.late", "{delivery}",
            "Deliveries that a provider has accepted later than is promised of their priority.");
        _delivered = meter.CreateCounter<long>("notify.deliveries.delivered", "{delivery}",
            "Deliveries that have arrived, as their provider reports.");
        _reports = meter.CreateCounter<long>("notify.reports", "{report}", "Facts that providers have reported.");
        _latency = meter.CreateHistogram(
            "notify.delivery.latency", "s", "From when an event was accepted, or its delivery was due, to the provider's acceptance.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = LatencySteps });
        _rateWait = meter.CreateHistogram(
            "notify.rate.wait", "s", "How long a chunk's first request waits for its turn at a provider.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = LatencySteps });
        _circuit = meter.CreateGauge<int>("notify.circuit.open", "1",
            "1 where a provider's circuit was open when it was last asked, else 0.");
        _lag = meter.CreateGauge<long>("notify.topic.lag", "{record}", "How many records of a topic wait for the dispatchers.");
        _depth = meter.CreateGauge<long>("notify.queue.depth", "{message}", "How many messages a queue holds.");
        _oldest = meter.CreateGauge<double>("notify.queue.oldest", "s", "The age of the message that is next in a queue.");
        _lateness = meter.CreateGauge<double>("notify.digest.lateness", "s",
            "For how long the oldest digest window that is still open has been over.");
    }

    internal void Accepted(NotificationEvent notification) =>
        _accepted.Add(1, new("type", notification.Type.Name()), new("priority", notification.Priority.Name()));

    internal void Rejected(string code) => _rejected.Add(1, new KeyValuePair<string, object?>("code", code));

    internal void Duplicate() => _duplicates.Add(1);

    internal void Decided(DecisionRow row) => _decided.Add(
        1, new("decision", Word(row.Decision.Kind)), new("reason", row.Decision.Reason), new("channel", row.Id.Channel.Name()),
        new("priority", row.Priority.Name()));

    internal void Sent(Channel channel, string provider) => _sent.Add(1, new("channel", channel.Name()), new("provider", provider));

    internal void Latency(Channel channel, Priority priority, TimeSpan latency, TimeSpan promised)
    {
        _latency.Record(Math.Max(0, latency.TotalSeconds), new("priority", priority.Name()), new("channel", channel.Name()));
        if (latency > promised)
        {
            _late.Add(1, new("priority", priority.Name()), new("channel", channel.Name()));
        }
    }

    internal void Failed(Channel channel, string? provider, string reason) =>
        _failed.Add(1, new("channel", channel.Name()), new("provider", provider), new("reason", reason));

    internal void Retried(Channel channel, string? provider, string reason) =>
        _retried.Add(1, new("channel", channel.Name()), new("provider", provider), new("reason", reason));

    internal void Withheld(Channel channel, string reason) => _withheld.Add(1, new("channel", channel.Name()), new("reason", reason));

    internal void Ambiguous(Channel channel, string? provider, string reason) =>
        _ambiguous.Add(1, new("channel", channel.Name()), new("provider", provider), new("reason", reason));

    internal void Deferred(Channel channel, string reason, int deliveries) =>
        _deferred.Add(deliveries, new("channel", channel.Name()), new("reason", reason));

    internal void DeadLettered(string cause, int letters) => _deadLettered.Add(letters, new KeyValuePair<string, object?>("cause", cause));

    internal void AccountRefused(Channel channel, string provider, string reason, int requests) =>
        _accountRefused.Add(requests, new("channel", channel.Name()), new("provider", provider), new("reason", reason));

    internal void Reported(Channel channel, string provider, string fact)
    {
        _reports.Add(1, new("channel", channel.Name()), new("provider", provider), new("fact", fact));
        if (string.Equals(fact, "delivered", StringComparison.Ordinal))
        {
            _delivered.Add(1, new("channel", channel.Name()), new("provider", provider));
        }
    }

    internal void Circuit(Channel channel, string provider, bool isOpen) =>
        _circuit.Record(isOpen ? 1 : 0, new("channel", channel.Name()), new("provider", provider));

    internal void RateWait(Channel channel, string provider, TimeSpan wait) =>
        _rateWait.Record(Math.Max(0, wait.TotalSeconds), new("channel", channel.Name()), new("provider", provider));

    internal void Lag(string topic, long records) => _lag.Record(records, new KeyValuePair<string, object?>("topic", topic));

    internal void Queue(string queue, long messages, TimeSpan oldest)
    {
        _depth.Record(messages, new KeyValuePair<string, object?>("queue", queue));
        _oldest.Record(Math.Max(0, oldest.TotalSeconds), new KeyValuePair<string, object?>("queue", queue));
    }

    internal void DigestLateness(TimeSpan late) => _lateness.Record(Math.Max(0, late.TotalSeconds));

    private static string Word(DecisionKind kind) => kind switch
    {
        DecisionKind.Send => "send",
        DecisionKind.Defer => "defer",
        DecisionKind.Batch => "batch",
        DecisionKind.Suppress => "suppress",
        DecisionKind.Expire => "expire",
        DecisionKind.Cancel => "cancel",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such decision."),
    };
}
