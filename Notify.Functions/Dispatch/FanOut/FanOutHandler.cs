using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Notify.Functions.Contract;
using Notify.Functions.Dispatch.Decisions;
using Notify.Functions.Dispatch.Deduplication;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Topics;
using Notify.Functions.Telemetry;

namespace Notify.Functions.Dispatch.FanOut;

/// <summary>
/// Decides the deliveries of one range of a topic's subscribers, a page at a time, never all in memory. After each page the progress is
/// written down; whoever dies in between repeats one page, which changes nothing.
/// </summary>
public sealed partial class FanOutHandler(
    FanOutProgressTable progressTable, TopicSubscribers subscribers, EventHeads events, DispatchCache cache, DeliveryDecider decider,
    FanOutQueue queue, TransientFaultRetry retry, ILogger<FanOutHandler> logger)
{
    /// <summary>How many recipients are decided together.</summary>
    public const int PageSize = 200;

    // A function has ten minutes; so many pages take a fraction of that even where storage is slow, and the rest gets a message of its own.
    private const int PagesOfOneRun = 100;

    /// <summary>Decides the range from where it was left; faults of the infrastructure are waited out.</summary>
    public Task DecideAsync(FanOutCommand command, CancellationToken cancellationToken) =>
        retry.RunAsync(token => RunAsync(command, token), cancellationToken);

    private async Task RunAsync(FanOutCommand command, CancellationToken cancellationToken)
    {
        while (true)
        {
            var progress = await progressTable.ReadAsync(command, cancellationToken);
            if (progress.IsDone || await RunFromAsync(command, progress, cancellationToken))
            {
                return;
            }
            // Somebody else has moved it on: from there.
        }
    }

    private async Task<bool> RunFromAsync(FanOutCommand command, FanOutProgress progress, CancellationToken cancellationToken)
    {
        var pages = 0;
        await foreach (var page in subscribers.RangeAsync(command.Tenant, command.Topic, command.Partition, progress.After,
            cancellationToken).Chunk(PageSize))
        {
            // Read for each page: it may have been cancelled meanwhile.
            if (await events.FindAsync(command.Tenant, command.EventId, cancellationToken) is not { } head)
            {
                return true;
            }
            if (pages++ == PagesOfOneRun)
            {
                await queue.EnqueueAsync(command, head.Event.Priority.IsUrgent(), cancellationToken);
                return true;
            }
            using var span = Traces.Start("fan out", ActivityKind.Consumer, head.Event.TraceParent);
            span?.SetTag("notify.recipients", page.Length);
            List<string> recipients = [.. page.Select(subscriber => subscriber.Recipient)];
            var throttled = await cache.ThrottledAsync(head.Event, recipients, cancellationToken);
            var decided = await decider.WriteAsync(
                [new DispatchTarget(head with { Event = head.Event with { TraceParent = span.TraceParentOr(head.Event.TraceParent) } },
                    recipients, throttled)], cancellationToken);
            CrashPoint.Hit(CrashPoint.AfterFanOutPage);
            if (!await progressTable.SaveAsync(command, progress.With(page[^1].Hash, page.Length, decided), cancellationToken))
            {
                return false;
            }
            CrashPoint.Hit(CrashPoint.AfterFanOutProgress);
            progress = await progressTable.ReadAsync(command, cancellationToken);
            if (!string.Equals(progress.After, page[^1].Hash, StringComparison.Ordinal))
            {
                return false;
            }
        }
        if (!await progressTable.SaveAsync(command, progress with { IsDone = true }, cancellationToken))
        {
            return false;
        }
        Decided(command.Partition, command.EventId, progress.Recipients);
        return true;
    }

    [LoggerMessage(EventId = 1511, Level = LogLevel.Information,
        Message = "Range {partition} of {eventId} is decided: {recipients} recipients")]
    private partial void Decided(string partition, string eventId, long recipients);
}
