using System.Globalization;
using Microsoft.Extensions.Options;
using Notify.Functions.Channels;
using Notify.Functions.Delivery;
using Notify.Functions.Digests;
using Notify.Functions.Intake;
using Notify.Functions.Storage;

namespace Notify.LocalHost.EventsFile;

/// <summary>
/// Puts a file's events on their topics, waits until the ledger has an answer for each, and sums up. What it says it has read from the
/// ledger, so that it is the same whichever process did the work.
/// </summary>
public sealed class EventsRun(
    IEventPublisher publisher, NotificationReader reader, RejectedRecords rejected, IQueues queues, RecipientsFile recipients, IOptions<BrokerOptions> broker, TimeProvider time)
{
    private const int PublishedAtOnce = 32;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>How many reports of the sandbox are still to come; none where there is no sandbox to ask.</summary>
    public Func<CancellationToken, Task<long>> PendingReports { get; set; } = _ => Task.FromResult(0L);

    /// <summary>Runs a file to its end.</summary>
    /// <param name="path">The file: one event a line; a <c>recipients.jsonl</c> beside it is read first.</param>
    /// <param name="output">Where progress is shown.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async Task<EventsSummary> RunAsync(string path, TextWriter output, CancellationToken cancellationToken)
    {
        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "recipients.jsonl");
        if (File.Exists(beside))
        {
            var known = await recipients.ReadAsync(beside, cancellationToken);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{known} recipients from {Path.GetFileName(beside)}"));
        }
        var lines = await PublishAsync(path, output, cancellationToken);
        var undecided = new List<EventLine>(lines);
        while (true)
        {
            var setAside = await rejected.ReadCausesAsync(cancellationToken);
            undecided = await StillUndecidedAsync(undecided, setAside, cancellationToken);
            var waiting = await WaitingAsync(cancellationToken);
            var reports = await PendingReports(cancellationToken);
            if (undecided.Count == 0 && waiting == 0 && reports == 0 && await SumUpAsync(lines, setAside, cancellationToken) is { IsExplained: true } summary)
            {
                return summary;
            }
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"  {lines.Count - undecided.Count} of {lines.Count} decided, {waiting} envelopes in the lanes, {reports} reports to come"));
            await output.FlushAsync(cancellationToken);
            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    private async Task<List<EventLine>> PublishAsync(string path, TextWriter output, CancellationToken cancellationToken)
    {
        var lines = new List<EventLine>();
        var number = 0;
        foreach (var some in File.ReadLines(path).Where(line => line.Length > 0).Chunk(PublishedAtOnce))
        {
            var records = some.Select(line => EventLine.Of(++number, line, broker.Value, time.GetUtcNow())).ToList();
            lines.AddRange(await Task.WhenAll(records.Select(async line => line with { Position = await publisher.PublishAsync(line.Record, cancellationToken) })));
        }
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{lines.Count} events on the topics"));
        return lines;
    }

    private async Task<List<EventLine>> StillUndecidedAsync(
        List<EventLine> lines, IReadOnlyDictionary<EventPosition, string> setAside, CancellationToken cancellationToken)
    {
        var undecided = new List<EventLine>();
        foreach (var line in lines.Where(line => !setAside.ContainsKey(line.Position)))
        {
            var view = await FindAsync(line, cancellationToken);
            if (view is null || (view.DuplicateOf is null && view.Deliveries.Count < line.Event!.Recipients.Count * line.Event.Channels.Count))
            {
                undecided.Add(line);
            }
        }
        return undecided;
    }

    private async Task<EventsSummary> SumUpAsync(
        List<EventLine> lines, IReadOnlyDictionary<EventPosition, string> setAside, CancellationToken cancellationToken)
    {
        var summary = new EventsSummary { Lines = lines.Count };
        foreach (var line in lines)
        {
            if (setAside.TryGetValue(line.Position, out var cause))
            {
                summary.AddRejected(cause);
            }
            else if (await FindAsync(line, cancellationToken) is { } view)
            {
                var source = new EventPosition(view.Source.Topic, view.Source.Partition, view.Source.Offset);
                if (view.DuplicateOf is not null || source != line.Position)
                {
                    summary.Duplicates++;
                }
                else
                {
                    summary.Add(view);
                }
            }
        }
        return summary;
    }

    private async Task<NotificationView?> FindAsync(EventLine line, CancellationToken cancellationToken) => line.Event is null
        ? null
        : await reader.FindAsync(line.Event.Tenant, line.Event.Id, 0, int.MaxValue, cancellationToken);

    private async Task<long> WaitingAsync(CancellationToken cancellationToken)
    {
        var waiting = 0L;
        foreach (var queue in Lanes.All.Append(DigestSettings.Queue))
        {
            waiting += await queues.CountAsync(queue, cancellationToken);
        }
        return waiting;
    }
}
