using System.Diagnostics.Metrics;
using Notify.Functions.Contract;
using Notify.Functions.Dispatch;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Recovery;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Dispatch.Deduplication;

/// <summary>One name, two bodies: the first goes out, the other is kept with its reason.</summary>
public sealed class ConflictingDuplicateTests
{
    private static readonly NotificationEvent One = TestEvents.Alert() with { DeduplicationKey = "k" };

    public static TheoryData<string, Cache, bool> Cases()
    {
        var cases = new TheoryData<string, Cache, bool>();
        foreach (var other in Others.Keys)
        {
            foreach (var cache in Enum.GetValues<Cache>())
            {
                cases.Add(other, cache, true);
                cases.Add(other, cache, false);
            }
        }
        return cases;
    }

    private static Dictionary<string, (NotificationEvent Event, string Field)> Others { get; } = new(StringComparer.Ordinal)
    {
        ["one id, another text"] = (One with { Payload = TestEvents.Json("""{"message":"other"}""") }, "id"),
        ["one id, another recipient"] = (One with { Recipients = ["user_2"] }, "id"),
        ["one id, another key and text"] = (One with { DeduplicationKey = "l", Payload = TestEvents.Json("""{"message":"other"}""") },
            "id"),
        ["one id, another time"] = (One with { CreatedAt = One.CreatedAt.AddSeconds(1) }, "id"),
        ["one key, another text"] = (One with { Id = "e2", Payload = TestEvents.Json("""{"message":"other"}""") }, "deduplicationKey"),
        ["one key, another priority"] = (One with { Id = "e2", Priority = Priority.Normal }, "deduplicationKey"),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_later_one_is_set_aside_and_the_first_one_goes_out(string what, Cache cache, bool inOneBatch)
    {
        using var notify = ChangingCache.Harness(cache, out var flush);
        using var metrics = new TestMetrics(notify.Get<IMeterFactory>());
        await notify.AddRecipientAsync("user_1");
        await notify.AddRecipientAsync("user_2");
        var (other, field) = Others[what];
        var (first, later) = (notify.Record(One), notify.Record(other));

        await DispatchAsync(inOneBatch);
        await notify.RunQueuesAsync();
        Assert.Equal(["code=conflicting_duplicate 1"], metrics.Sums("notify.events.rejected"));
        Assert.Empty(metrics.Sums("notify.events.duplicates"));
        // And the broker brings both once more.
        await DispatchAsync(inOneBatch);
        await notify.RunQueuesAsync();

        var sent = Assert.Single(notify.Senders[Channel.Push].Requests);
        Assert.Equal("Somebody signed in from a new device.", sent.Content.Text);
        var kept = Assert.Single(await ListedAsync(notify));
        Assert.Equal(("conflicting_duplicate", later.Source.Offset), (kept.Cause, kept.Source.Offset));
        Assert.StartsWith(field + ": ", kept.Detail, StringComparison.Ordinal);
        Assert.Contains("'e1'", kept.Detail, StringComparison.Ordinal);
        Assert.Contains(notify.Log.Lines, line =>
            line.Contains($"{later.Source} set aside: {field} is conflicting_duplicate", StringComparison.Ordinal));
        Assert.Null(await notify.Get<EventHeads>().FindAsync(null, "e2", CancellationToken.None));

        async Task DispatchAsync(bool together)
        {
            if (together)
            {
                await notify.DispatchAsync(first, later);
                flush();
                return;
            }
            await notify.DispatchAsync(first);
            flush();
            await notify.DispatchAsync(later);
            flush();
        }
    }

    [Theory]
    [InlineData("""{"id":"e1","type":"alert","priority":"critical","channels":["push"],"recipients":["user_1"],"payload":{"n":1.0,"message":"m"}}""")]
    [InlineData("""{"schemaVersion":"event.v2","id":"e1","type":"alert","priority":"critical","channels":["push"],"recipients":[{"user":"user_1"}],"content":{"message":"\u006d"},"payload":{"n":1e0},"createdAt":"2026-03-04T11:00:00Z"}""")]
    [InlineData("""{"id":"e2","deduplicationKey":"k","type":"alert","priority":"critical","channels":["push"],"recipients":["user_1"],"payload":{"message":"m","n":1}}""")]
    public async Task The_same_in_another_spelling_is_a_duplicate(string again)
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");

        await notify.DispatchAsync(notify.Record(
            """{"id":"e1","deduplicationKey":"k","type":"alert","priority":"critical","recipients":["user_1"],"channels":["push"],"payload":{"message":"m","n":1}}"""));
        notify.Clock.Advance(TimeSpan.FromMinutes(1));
        await notify.DispatchAsync(notify.Record(again));
        await notify.RunQueuesAsync();

        Assert.Single(notify.Senders[Channel.Push].Targets);
        Assert.Empty(await ListedAsync(notify));
        Assert.Contains(notify.Log.Lines, line => line.Contains("Duplicate event skipped", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Cache.There)]
    [InlineData(Cache.Away)]
    public async Task What_an_earlier_version_has_dispatched_contradicts_nothing(Cache cache)
    {
        using var notify = ChangingCache.Harness(cache, out _);
        await notify.AddRecipientAsync("user_1");
        // Rows and marks without a fingerprint.
        notify.Tables.BeforeWrite = (_, writes) =>
        {
            foreach (var write in writes)
            {
                write.Row[Fingerprint.Column] = null;
            }
            return Task.CompletedTask;
        };
        await notify.DispatchAsync(notify.Record(One));
        notify.Tables.BeforeWrite = FaultyTables.Nothing;

        await notify.DispatchAsync(
            notify.Record(One with { Payload = TestEvents.Json("""{"message":"other"}""") }),
            notify.Record(One with { Id = "e2", Payload = TestEvents.Json("""{"message":"other"}""") }));
        await notify.RunQueuesAsync();

        Assert.Single(notify.Senders[Channel.Push].Targets);
        // The mark has one here, and only sends to the ledger.
        Assert.Empty(await ListedAsync(notify));
        Assert.Equal("e1", (await notify.ReadAsync("e2")).DuplicateOf);
    }

    [Fact]
    public async Task A_mark_of_an_earlier_version_is_read()
    {
        using var notify = new NotifyHarness();
        var keyedHashes = notify.Get<KeyedHashes>();
        var record = notify.Record(TestEvents.Alert());
        await notify.Backends.DedupCache.MarkAsync(
            [KeyValuePair.Create("notif:dedup:e." + keyedHashes.EventHash(null, "e1"), $"{record.Source} e1")], TimeSpan.FromHours(1),
            CancellationToken.None);

        await notify.DispatchAsync(record, notify.Record(TestEvents.Alert() with { Payload = TestEvents.Json("""{"message":"other"}""") }));

        // Both are done by what it says.
        Assert.Null(await notify.Get<EventHeads>().FindAsync(null, "e1", CancellationToken.None));
        Assert.Empty(await ListedAsync(notify));
    }

    // A record that has been seen is itself, however this version reads it: the rows say something else of it than its bytes do now.
    [Theory]
    [InlineData("e1")]
    [InlineData("e2")]
    public async Task A_record_that_the_broker_brings_again_never_contradicts_itself(string changed)
    {
        using var notify = ChangingCache.Harness(Cache.Away, out _);
        await notify.AddRecipientAsync("user_1");
        var (first, second) = (notify.Record(One), notify.Record(One with { Id = "e2" }));
        await notify.DispatchAsync(first, second);

        var read = changed == "e1" ? first : second;
        await notify.DispatchAsync(read with
        {
            Value = EventWriter.Write(
            (changed == "e1" ? One : One with { Id = "e2" }) with { Payload = TestEvents.Json("""{"message":"read otherwise"}""") })
        });
        await notify.RunQueuesAsync();

        Assert.Single(notify.Senders[Channel.Push].Targets);
        Assert.Empty(await ListedAsync(notify));
        Assert.Equal("e1", (await notify.ReadAsync("e2")).DuplicateOf);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_is_set_aside_for_its_id_keeps_no_key(bool inOneBatch)
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");
        await notify.DispatchAsync(notify.Record(TestEvents.Alert("1")));
        var payload = TestEvents.Json("""{"message":"an order"}""");
        var (reused, unique) = (notify.Record(TestEvents.Alert("1") with { DeduplicationKey = "order-9", Payload = payload }),
            notify.Record(TestEvents.Alert("2") with { DeduplicationKey = "order-9", Payload = payload }));

        if (inOneBatch)
        {
            await notify.DispatchAsync(reused, unique);
        }
        else
        {
            await notify.DispatchAsync(reused);
            await notify.DispatchAsync(unique);
        }
        await notify.RunQueuesAsync();

        Assert.Null((await notify.ReadAsync("2")).DuplicateOf);
        Assert.Equal(["Somebody signed in from a new device.", "an order"],
            notify.Senders[Channel.Push].Requests.Select(request => request.Content.Text).Order(StringComparer.Ordinal));
        Assert.Equal(reused.Source.Offset, Assert.Single(await ListedAsync(notify)).Source.Offset);
    }

    [Fact]
    public async Task A_dispatcher_may_die_before_and_after_every_write_and_the_records_come_again()
    {
        for (var death = 0; death < 12; death++)
        {
            foreach (var afterwards in new[] { false, true })
            {
                using var notify = new NotifyHarness();
                await notify.AddRecipientAsync("user_1");
                var (count, target) = (0, death);
                Task DieAsync(string table, IReadOnlyList<TableWrite> writes) =>
                    count++ == target ? throw new OperationCanceledException("died") : Task.CompletedTask;
                IncomingRecord[] records = [notify.Record(One), notify.Record(Others["one id, another text"].Event),
                    notify.Record(Others["one key, another text"].Event), notify.Record(One with { Id = "e3" })];
                (notify.Tables.BeforeWrite, notify.Tables.AfterWrite) = afterwards
                    ? (FaultyTables.Nothing, DieAsync) : ((Func<string, IReadOnlyList<TableWrite>, Task>)DieAsync, FaultyTables.Nothing);
                try
                {
                    await notify.Get<DispatchBatchHandler>().RunAsync(records, CancellationToken.None);
                }
                catch (OperationCanceledException)
                {
                    // The offset is not committed.
                }
                notify.Tables.BeforeWrite = notify.Tables.AfterWrite = FaultyTables.Nothing;

                await notify.DispatchAsync(records);
                await notify.RunQueuesAsync();

                Assert.Equal("Somebody signed in from a new device.", Assert.Single(notify.Senders[Channel.Push].Requests).Content.Text);
                Assert.Equal([1L, 2L], (await ListedAsync(notify)).Select(one => one.Source.Offset).Order());
                Assert.Equal("e1", (await notify.ReadAsync("e3")).DuplicateOf);
            }
        }
    }

    [Fact]
    public async Task A_retry_is_refused_while_it_would_only_come_back_and_published_when_the_key_is_free()
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");
        await notify.DispatchAsync(notify.Record(One), notify.Record(Others["one id, another text"].Event),
            notify.Record(Others["one key, another text"].Event));
        var listed = await ListedAsync(notify);
        var (byId, byKey) = (listed.Single(one => one.Source.Offset == 1).Id, listed.Single(one => one.Source.Offset == 2).Id);

        foreach (var id in new[] { byId, byKey })
        {
            Assert.Equal("conflicting_duplicate", Assert.Single(Assert.IsType<RetryResult.StillFaulty>(await RetryAsync(id)).Faults).Code);
        }
        notify.Clock.Advance(TimeSpan.FromHours(24));
        Assert.IsType<RetryResult.StillFaulty>(await RetryAsync(byId));
        var published = Assert.IsType<RetryResult.Published>(await RetryAsync(byKey));

        Assert.Equal("notifications.incoming", published.Position.Topic);
        Assert.All(await ListedAsync(notify), one => Assert.Equal(one.Id == byKey, one.RetriedAt is not null));

        Task<RetryResult> RetryAsync(string text)
        {
            Assert.True(RejectedId.TryParse(text, out var id));
            return notify.Get<RejectedRetry>().RetryAsync(id, again: false, CancellationToken.None);
        }
    }

    private static async Task<IReadOnlyList<RejectedView>> ListedAsync(NotifyHarness notify) =>
        (await notify.Get<RejectedListing>().ReadAsync(null, 50, CancellationToken.None)).Items;
}
