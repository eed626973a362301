using Notify.Bench.World;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Ledger;
using Notify.Functions.Tests.Contract;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Dispatch;

public sealed class DispatchFuzzTests
{
    private const int Records = 100_000;
    private const int BatchSize = 512;

    // Not a limit of speed: a record that is tried for ever never comes back at all, for the clock stands still.
    private static readonly TimeSpan NotForEver = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Whatever_comes_is_decided_or_set_aside_with_its_reason()
    {
        using var notify = new NotifyHarness();
        for (var n = 0; n < 10; n++)
        {
            await notify.AddRecipientAsync($"user_{n}");
        }
        var random = new EventMutations(seed: 20261126, ids: Records);
        var records = Enumerable.Range(0, Records).Select(_ => random.Next())
            .Select(one => notify.Record(string.Empty) with { Value = one.Value, Headers = one.Headers }).ToList();

        foreach (var batch in records.Chunk(BatchSize))
        {
            await notify.DispatchAsync(batch).WaitAsync(NotForEver);
        }

        var causes = await notify.Get<RejectedRecords>().ReadCausesAsync(CancellationToken.None);
        var decided = await DecisionsAsync(notify);
        var (accepted, duplicates, conflicts) = (0, 0, 0);
        foreach (var record in records)
        {
            var reading = EventReader.Read(record.Value, new EventDefaults(Id: null, record.Timestamp), record.Headers);
            var cause = causes.GetValueOrDefault(record.Source);
            if (reading.Event is not null && cause is EventFault.ConflictingDuplicate)
            {
                conflicts++;
                await AssertConflictAsync(notify, reading, record.Source);
                continue;
            }
            Assert.Equal(reading.Event is null ? reading.Faults[0].Code : null, cause);
            if (reading.Event is { } notification)
            {
                var isDuplicate = await IsDuplicateAsync(notify, notification, record.Source, decided);
                duplicates += isDuplicate ? 1 : 0;
                accepted += isDuplicate ? 0 : 1;
            }
        }
        Assert.DoesNotContain("fault", causes.Values);
        // A generator whose records all go one way would prove nothing.
        Assert.True(accepted > Records / 5 && conflicts > Records / 50 && causes.Count > Records / 5,
            $"{accepted} accepted, {duplicates} duplicates, {conflicts} conflicts, {causes.Count} rejected");
        Assert.True(causes.Values.Distinct(StringComparer.Ordinal).Count() >= 6,
            string.Join(' ', causes.Values.Distinct(StringComparer.Ordinal)));
    }

    // Where the event is the first of its id and of its key, each delivery has its decision.
    private static async Task<bool> IsDuplicateAsync(
        NotifyHarness notify, NotificationEvent notification, EventPosition source, HashSet<DeliveryId> decided)
    {
        var head = await notify.Get<EventHeads>().FindAsync(notification.Tenant, notification.Id, CancellationToken.None);
        Assert.NotNull(head);
        if (head.Source != source)
        {
            return true;
        }
        if (head.DuplicateOf is { } original)
        {
            Assert.NotNull(await notify.Get<EventHeads>().FindAsync(notification.Tenant, original, CancellationToken.None));
            return true;
        }
        var keyedHashes = notify.Get<KeyedHashes>();
        Assert.All(
            notification.Named.SelectMany(recipient =>
                notification.Channels.Select(channel => keyedHashes.Delivery(head.Event, recipient, channel))),
            id => Assert.Contains(id, decided));
        return false;
    }

    // Its id, or its key, stands for an event that says something else.
    private static async Task AssertConflictAsync(NotifyHarness notify, EventReading reading, EventPosition source)
    {
        var notification = reading.Event!;
        var fingerprint = notify.Get<KeyedHashes>().Fingerprint(notification, reading.StatesTime);
        if (await notify.Get<EventHeads>().FindAsync(notification.Tenant, notification.Id, CancellationToken.None) is { } head
            && fingerprint.Contradicts(head.Fingerprint))
        {
            Assert.NotEqual(source, head.Source);
            return;
        }
        var owner = await notify.Get<DeduplicationKeys>()
            .FindAsync(notification.Tenant, notification.DeduplicationKey!, TimeSpan.FromHours(24), CancellationToken.None);
        Assert.True(fingerprint.Contradicts(owner!.Fingerprint));
        var first = await notify.Get<EventHeads>().FindAsync(notification.Tenant, owner.EventId, CancellationToken.None);
        Assert.False(first!.Fingerprint!.Contradicts(owner.Fingerprint));
    }

    private static async Task<HashSet<DeliveryId>> DecisionsAsync(NotifyHarness notify) =>
        await LedgerRows.ReadAsync(notify.Tables).Select(row => row.Decision.Id).ToHashSetAsync();
}
