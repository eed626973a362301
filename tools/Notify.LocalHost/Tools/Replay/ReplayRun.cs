using System.Globalization;
using Notify.Functions.Contract;
using Notify.Functions.Dispatch;
using Notify.Functions.Dispatch.Decisions;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Topics;

namespace Notify.LocalHost.Tools.Replay;

/// <summary>
/// Reads records once more and decides them again, by the rules, recipients and templates of now but at the time of then, and says where
/// that differs from what the ledger has. Writes nothing, sends nothing, commits nothing.
/// </summary>
internal sealed class ReplayRun(
    ReplayRecords records, EventHeads events, RejectedRecords rejected, DeliveryTable deliveries, DeliveryDecider decider,
    TopicSubscribers subscribers, TransientFaultRetry retry)
{
    private const int PageSize = 200;
    private const int Shown = 1000;
    private const int Each = 1000;

    /// <summary>Replays a range, showing progress and the first thousand differences.</summary>
    public async Task<ReplaySummary> RunAsync(ReplayRange range, TextWriter output, CancellationToken cancellationToken)
    {
        var summary = new ReplaySummary();
        // The client's calls block.
        foreach (var record in records.Read(range, cancellationToken))
        {
            summary.Records++;
            foreach (var difference in await retry.RunAsync(token => OfRecordAsync(record, summary, token), cancellationToken))
            {
                if (++summary.Differences <= Shown)
                {
                    await output.WriteLineAsync($"  {record.Source}: {difference}");
                }
            }
            if (summary.Records % Each == 0)
            {
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"  {summary.Records} records read, {summary.Differences} differences"));
                await output.FlushAsync(cancellationToken);
            }
        }
        if (summary.Differences > Shown)
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  … and {summary.Differences - Shown} more"));
        }
        return summary;
    }

    private async Task<IReadOnlyList<string>> OfRecordAsync(
        IncomingRecord record, ReplaySummary summary, CancellationToken cancellationToken)
    {
        var reading = EventReader.Read(record.Value, new EventDefaults(Id: null, record.Timestamp), record.Headers);
        if (reading.Event is not { } notification)
        {
            summary.Rejected++;
            return [];
        }
        var head = await events.FindAsync(notification.Tenant, notification.Id, cancellationToken);
        // Another record's name, and not what that one says: only the ledger knows.
        if (head?.Source != record.Source && await rejected.IsSetAsideAsync(record.Source, record.Timestamp, cancellationToken))
        {
            summary.Rejected++;
            return [];
        }
        if (head is null)
        {
            summary.Missing++;
            return ["the ledger does not have the event"];
        }
        if (head.DuplicateOf is not null || head.Source != record.Source)
        {
            summary.Duplicates++;
            return [];
        }
        var differences = new List<string>();
        await foreach (var recipients in AudienceAsync(head.Event, cancellationToken))
        {
            differences.AddRange(await CompareAsync(head, recipients, summary, cancellationToken));
        }
        return differences;
    }

    private async IAsyncEnumerable<IReadOnlyList<string>> AudienceAsync(
        NotificationEvent notification, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var some in notification.Named.Chunk(PageSize))
        {
            yield return some;
        }
        foreach (var topic in notification.Topics)
        {
            foreach (var partition in KeyedHashes.Partitions)
            {
                await foreach (var page in subscribers.RangeAsync(notification.Tenant, topic, partition, after: null, cancellationToken)
                    .Chunk(PageSize))
                {
                    yield return [.. page.Select(subscriber => subscriber.Recipient)];
                }
            }
        }
    }

    private async Task<IEnumerable<string>> CompareAsync(
        EventRecord head, IReadOnlyList<string> recipients, ReplaySummary summary, CancellationToken cancellationToken)
    {
        var now = await decider.PreviewAsync([new DispatchTarget(head, recipients, new HashSet<string>(StringComparer.Ordinal))],
            head.SeenAt, cancellationToken);
        var then = await deliveries.FindDecisionsAsync(now.Select(row => row.Id), cancellationToken);
        summary.Deliveries += now.Count;
        var differences = new List<string>();
        foreach (var row in now)
        {
            if (!then.TryGetValue(row.Id, out var stands))
            {
                // Who subscribed after the event is none of its recipients.
                if (head.Event.Named.Contains(row.Recipient, StringComparer.Ordinal) || row.Decision.Reason == DeliveryReasons.Erased)
                {
                    summary.Missing++;
                    differences.Add($"{row.Id} was never decided; now {Text(row.Decision)}");
                }
                continue;
            }
            // How much somebody had had by then is not known any more.
            if (stands.Decision.Reason != DeliveryReasons.Throttled
                && (stands.Decision.Kind != row.Decision.Kind || stands.Decision.Reason != row.Decision.Reason))
            {
                summary.Changed++;
                differences.Add($"{row.Id} was {Text(stands.Decision)}, now {Text(row.Decision)}");
            }
        }
        return differences;
    }

    private static string Text(Decision decision) => $"{decision.Kind.ToString().ToLowerInvariant()} ({decision.Reason})";
}

/// <summary>What a replay came to.</summary>
internal sealed class ReplaySummary
{
    /// <summary>The records read.</summary>
    public int Records { get; set; }

    /// <summary>Those that are no valid events, or were set aside.</summary>
    public int Rejected { get; set; }

    /// <summary>Those that were duplicates.</summary>
    public int Duplicates { get; set; }

    /// <summary>The deliveries that were decided again.</summary>
    public int Deliveries { get; set; }

    /// <summary>Those that would be decided otherwise now.</summary>
    public int Changed { get; set; }

    /// <summary>Events and deliveries that the ledger should have and has not.</summary>
    public int Missing { get; set; }

    /// <summary>The lines for them.</summary>
    public int Differences { get; set; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Records} records: {Rejected} rejected, {Duplicates} duplicates; {Deliveries} deliveries: {Changed} would be decided otherwise "
            + $"now, {Missing} are missing");
}
