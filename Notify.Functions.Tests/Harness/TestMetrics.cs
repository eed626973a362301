using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Notify.Functions.Telemetry;

namespace Notify.Functions.Tests.Harness;

/// <summary>What one app has measured since this began to listen.</summary>
internal sealed class TestMetrics : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Name, string Tags, double Value)> _measured = new();

    /// <param name="of">The app's factory; every app's in this process unless given.</param>
    public TestMetrics(IMeterFactory? of = null)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == NotifyMetrics.MeterName && (of is null || ReferenceEquals(instrument.Meter.Scope, of)))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Every measurement with its tags, as text.</summary>
    public IReadOnlyList<string> Lines =>
        [.. _measured.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Name} {one.Tags} {one.Value}"))];

    /// <summary>The sums of an instrument by its tags, in order: <c>channel=sms provider=twilio 3</c>.</summary>
    public IReadOnlyList<string> Sums(string name) =>
    [
        .. _measured.Where(one => one.Name == name).GroupBy(one => one.Tags, StringComparer.Ordinal)
            .OrderBy(same => same.Key, StringComparer.Ordinal)
            .Select(same => string.Create(CultureInfo.InvariantCulture, $"{same.Key} {same.Sum(one => one.Value)}").Trim()),
    ];

    /// <summary>The last value of a gauge by its tags.</summary>
    public IReadOnlyDictionary<string, double> Last(string name) =>
        _measured.Where(one => one.Name == name).GroupBy(one => one.Tags, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.Last().Value, StringComparer.Ordinal);

    public void Dispose() => _listener.Dispose();

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measured.Enqueue((instrument.Name,
            string.Join(' ', tags.ToArray().OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}")),
            value));
}
