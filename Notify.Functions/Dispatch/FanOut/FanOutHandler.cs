using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Notify.Functions.Contract;
using Notify.Functions.Dispatch.Decisions;
using Notify.Functions.Dispatch.Deduplication;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Topics;
using Notify.Functions.Telemetry;

namespace Notify.Functions.Dispatch.FanOut;

/// <summary>
/// Decides the deliveries of one range of a topic's subscribers, a page at a time, never all in memory. After each page the progress is
/// written down; whoever dies in between repeats one page, which changes nothing.
/// </summary>
public sealed partial class FanOutHandler(
    ITables tables, TopicSubscribers subscribers, EventHeads events, KeyedHashes keyedHashes, DispatchCache fastPath, DeliveryDecider decisions, FanOutQueue orders,
    TransientFaultRetry patient, ILogger<FanOutHandler> logger)
{
    /// <summary>How many recipients are decided together.</summary>
    public const int PageSize = 200;

    // A function has ten minutes; so many pages take a fraction of that even where storage is slow, and the rest gets a message of its own.
    private const int PagesOfOneRun = 100;

    /// <summary>Decides the range from where it was left; faults of the infrastructure are waited out.</summary>
    public Task DecideAsync(FanOutCommand order, CancellationToken cancellationToken) =>
        patient.RunAsync(token => RunAsync(order, token), cancellationToken);

    private async Task RunAsync(FanOutCommand order, CancellationToken cancellationToken)
    {
        while (true)
        {
            var progress = await ReadAsync(order, cancellationToken);
            if (progress.IsDone || await RunFromAsync(order, progress, cancellationToken))
            {
                return;
            }
            // Somebody else has moved it on: from there.
        }
    }

    private async Task<bool> RunFromAsync(FanOutCommand order, FanOutProgress progress, CancellationToken cancellationToken)
    {
        var pages = 0;
        await foreach (var page in subscribers.RangeAsync(order.Tenant, order.Topic, order.Partition, progress.After, cancellationToken).Chunk(PageSize))
        {
            // Read for each page: it may have been cancelled meanwhile.
            if (await events.FindAsync(order.Tenant, order.EventId, cancellationToken) is not { } head)
            {
                return true;
            }
            if (pages++ == PagesOfOneRun)
            {
                await orders.EnqueueAsync(order, head.Event.Priority.IsUrgent(), cancellationToken);
                return true;
            }
            using var span = Traces.Start("fan out", ActivityKind.Consumer, head.Event.TraceParent);
            span?.SetTag("notify.recipients", page.Length);
            List<string> recipients = [.. page.Select(subscriber => subscriber.Recipient)];
            var throttled = await fastPath.ThrottledAsync(head.Event, recipients, cancellationToken);
            var decided = await decisions.WriteAsync([new DispatchTarget(head with { Event = head.Event with { TraceParent = span.TraceParentOr(head.Event.TraceParent) } }, recipients, throttled)], cancellationToken);
            CrashPoint.Hit(CrashPoint.AfterFanOutPage);
            if (!await SaveAsync(order, progress.With(page[^1].Hash, page.Length, decided), cancellationToken))
            {
                return false;
            }
            CrashPoint.Hit(CrashPoint.AfterFanOutProgress);
            progress = await ReadAsync(order, cancellationToken);
            if (!string.Equals(progress.After, page[^1].Hash, StringComparison.Ordinal))
            {
                return false;
            }
        }
        if (!await SaveAsync(order, progress with { IsDone = true }, cancellationToken))
        {
            return false;
        }
        Decided(order.Partition, order.EventId, progress.Recipients);
        return true;
    }

    private async Task<FanOutProgress> ReadAsync(FanOutCommand order, CancellationToken cancellationToken)
    {
        var (hash, key) = NamesOf(order);
        var row = await tables.GetAsync(TableNames.Events, KeyedHashes.PartitionOf(hash), key, cancellationToken);
        return row is null ? new FanOutProgress { Topic = order.Topic, Partition = order.Partition } : FanOutProgress.From(row);
    }

    private async Task<bool> SaveAsync(FanOutCommand order, FanOutProgress progress, CancellationToken cancellationToken)
    {
        var row = progress.ToTable(NamesOf(order).EventHash, keyedHashes.TopicHash(order.Tenant, order.Topic));
        var write = progress.ETag is null ? TableWrite.Insert(row) : TableWrite.Replace(row, progress.ETag);
        return (await tables.WriteAsync(TableNames.Events, [write], cancellationToken)).IsDone;
    }

    private (string EventHash, string Key) NamesOf(FanOutCommand order)
    {
        var hash = keyedHashes.EventHash(order.Tenant, order.EventId);
        return (hash, FanOutProgress.KeyOf(hash, keyedHashes.TopicHash(order.Tenant, order.Topic), order.Partition));
    }

    [LoggerMessage(EventId = 1511, Level = LogLevel.Information, Message = "Range {partition} of {eventId} is decided: {recipients} recipients")]
    private partial void Decided(string partition, string eventId, long recipients);
}
