using System.Globalization;
using System.Runtime.CompilerServices;
using Notify.Functions.Contract;
using Notify.Functions.Digests;
using Notify.Functions.Dispatch.FanOut;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Ledger;
using Notify.Functions.Sending;
using Notify.Functions.Status;

namespace Notify.LocalHost.Tools.EventsFile;

/// <summary>
/// Puts a file's events on their topics, waits until the ledger has an answer for each, and sums up. What it says it has read from the
/// ledger, so that it is the same whichever process did the work. A backend that is away meanwhile is waited for.
/// </summary>
internal sealed class EventsRun(
    EventsPublication publication,
    NotificationReader reader,
    RejectedRecords rejected,
    IQueues queues,
    RecipientsFile recipients,
    TransientFaultRetry retry,
    TimeProvider time)
{
    private const int ReadAtOnce = 8;
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
        var lines = await publication.PublishAsync(path, output, cancellationToken);
        IReadOnlyList<EventLine> open = lines;
        while (true)
        {
            var setAside = await retry.RunAsync(rejected.ReadCausesAsync, cancellationToken);
            open = await StillOpenAsync(open, setAside, cancellationToken);
            var waiting = await retry.RunAsync(WaitingAsync, cancellationToken);
            var reports = await PendingReports(cancellationToken);
            if (open.Count == 0 && waiting == 0 && reports == 0
                && await SumUpAsync(lines, setAside, cancellationToken) is { IsExplained: true } summary)
            {
                return summary;
            }
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"  {lines.Count - open.Count} of {lines.Count} done, {waiting} envelopes in the lanes, {reports} reports to come"));
            await output.FlushAsync(cancellationToken);
            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    /// <summary>The lines that wait for a decision, or for the outcome of a delivery.</summary>
    private async Task<IReadOnlyList<EventLine>> StillOpenAsync(
        IReadOnlyList<EventLine> lines, IReadOnlyDictionary<EventPosition, string> setAside, CancellationToken cancellationToken) =>
        await FindAsync(lines.Where(line => !setAside.ContainsKey(line.Position)), cancellationToken)
            .Where(one => one.View is null || (one.View.DuplicateOf is null && !IsDone(one.View, one.Line.Event!)))
            .Select(one => one.Line).ToListAsync(cancellationToken);

    private static bool IsDone(NotificationView view, NotificationEvent notification) =>
        view.Deliveries.Count >= notification.Named.Count() * notification.Channels.Count && view.Topics.All(topic => topic.Done)
        && view.Deliveries.All(delivery => delivery.Status != "pending" || IsDeferred(delivery));

    /// <summary>Whether the delivery waits for a time that nobody sits in front of a terminal for.</summary>
    internal static bool IsDeferred(DeliveryView delivery) =>
        delivery is { Attempts: 0, Due: { } due } && due - delivery.At > ScheduledDelivery.Horizon;

    private async Task<EventsSummary> SumUpAsync(
        IReadOnlyList<EventLine> lines, IReadOnlyDictionary<EventPosition, string> setAside, CancellationToken cancellationToken)
    {
        var summary = new EventsSummary { Lines = lines.Count };
        foreach (var line in lines)
        {
            if (setAside.TryGetValue(line.Position, out var cause))
            {
                summary.AddRejected(cause);
            }
        }
        await foreach (var (line, view) in FindAsync(lines.Where(line => !setAside.ContainsKey(line.Position)), cancellationToken))
        {
            if (view is null)
            {
                continue;
            }
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
        return summary;
    }

    private async IAsyncEnumerable<(EventLine Line, NotificationView? View)> FindAsync(
        IEnumerable<EventLine> lines, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var some in lines.Chunk(ReadAtOnce))
        {
            var views = await Task.WhenAll(some.Select(line => FindAsync(line, cancellationToken)));
            foreach (var found in some.Zip(views))
            {
                yield return found;
            }
        }
    }

    private async Task<NotificationView?> FindAsync(EventLine line, CancellationToken cancellationToken) =>
        line.Event is not { } notification
        ? null
        : await retry.RunAsync(token => reader.FindAsync(notification.Tenant, notification.Id, 0, int.MaxValue, token),
            cancellationToken);

    private async Task<long> WaitingAsync(CancellationToken cancellationToken)
    {
        var waiting = 0L;
        foreach (var queue in ChannelQueues.All.Append(DigestSettings.Queue).Concat(FanOutQueue.Queues))
        {
            waiting += await queues.CountAsync(queue, cancellationToken);
        }
        return waiting;
    }
}
