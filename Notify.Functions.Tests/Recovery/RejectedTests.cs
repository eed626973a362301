using System.Text;
using Notify.Functions.Contract;
using Notify.Functions.Dispatch;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Ledger;
using Notify.Functions.Recovery;
using Notify.Functions.Tests.Cancellation;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Recovery;

public sealed class RejectedTests
{
    [Fact]
    public async Task Records_of_every_partition_are_listed_newest_first_and_pages_follow_each_other()
    {
        using var notify = new NotifyHarness();
        for (var n = 0; n < 60; n++)
        {
            // Some of one millisecond, and offsets of which one begins with another.
            await notify.DispatchAsync(notify.Record("not json " + n));
            notify.Clock.Advance(TimeSpan.FromMilliseconds(n % 3));
        }
        var listing = notify.Get<RejectedListing>();

        var seen = new List<RejectedView>();
        string? cursor = null;
        do
        {
            var page = await listing.ReadAsync(cursor, 7, CancellationToken.None);
            Assert.InRange(page.Items.Count, 1, 7);
            seen.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal(Enumerable.Range(0, 60).Select(n => (long)n), seen.Select(one => one.Source.Offset).Order());
        Assert.Equal(seen.Select(one => one.At).OrderDescending(), seen.Select(one => one.At));
        Assert.InRange(seen.Select(one => one.Id).Select(id => RejectedId.TryParse(id, out var parsed) ? parsed.Partition : "none")
            .Distinct().Count(), 8, 16);
    }

    [Fact]
    public async Task A_listing_says_what_is_wrong_and_nothing_of_what_is_inside()
    {
        using var notify = new NotifyHarness();
        await notify.DispatchAsync(notify.Record(
            """{"id":"x","payload":{"message":"a secret"},"recipients":["mailto:jane@example.com"]}"""), notify.Record("secret"));

        var items = (await notify.Get<RejectedListing>().ReadAsync(null, 10, CancellationToken.None)).Items;

        Assert.Equal(["missing", "not_json"], items.Select(one => one.Cause).Order(StringComparer.Ordinal));
        Assert.Equal((6, "notifications.incoming", 0),
            (items.Single(one => one.Cause == "not_json").Bytes, items[0].Source.Topic, items[0].Source.Partition));
        Assert.Contains("type: ", items.Single(one => one.Cause == "missing").Detail, StringComparison.Ordinal);
        var text = System.Text.Json.JsonSerializer.Serialize(items, NotifyJson.Options);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("jane", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_met_a_fault_of_ours_is_published_again_and_goes_out_once()
    {
        using var notify = await Cancelling.HarnessAsync();
        var bytes = Encoding.UTF8.GetBytes(
            """{"id":"e1","type":"alert","priority":"high","recipients":["user_1"],"channels":["push"],"payload":{"message":"x"},"createdAt":"2026-03-04T11:00:00+02:00"}""");
        var id = await SetAsideAsync(notify, bytes);

        var published = Assert.IsType<RetryResult.Published>(await RetryAsync(notify, id));
        var record = await TakeAsync(notify, published.Position);
        await notify.DispatchAsync(record);
        await notify.RunQueuesAsync();

        Assert.Equal("notifications.urgent", published.Position.Topic);
        Assert.Equal(bytes, record.Value.ToArray());
        Assert.Equal("sent", (await notify.ReadOnlyDeliveryAsync("e1")).Status);
        var listed = Assert.Single((await notify.Get<RejectedListing>().ReadAsync(null, 10, CancellationToken.None)).Items);
        Assert.Equal((notify.Clock.GetUtcNow(), published.Position.ToString()), (listed.RetriedAt!.Value, listed.RetriedTo));
    }

    [Fact]
    public async Task What_the_headers_said_is_published_again_too()
    {
        using var notify = await Cancelling.HarnessAsync();
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ce_specversion"] = "1.0",
            ["ce_id"] = "e1",
            ["ce_source"] = "/orders",
            ["ce_type"] = "order.shipped",
            ["content-type"] = "application/json",
        };
        var bytes = Encoding.UTF8.GetBytes(
            """{"type":"alert","priority":"high","recipients":["user_1"],"channels":["push"],"payload":{"message":"x"}}""");
        var id = await SetAsideAsync(notify, bytes,
            EventHeaders.From(headers.Select(header => KeyValuePair.Create(header.Key, (byte[]?)Encoding.UTF8.GetBytes(header.Value)))));

        var published = Assert.IsType<RetryResult.Published>(await RetryAsync(notify, id));
        var record = await TakeAsync(notify, published.Position);
        await notify.DispatchAsync(record);
        await notify.RunQueuesAsync();

        Assert.Equal(headers.OrderBy(header => header.Key, StringComparer.Ordinal),
            record.Headers.Texts.OrderBy(header => header.Key, StringComparer.Ordinal));
        Assert.Single(notify.Senders[Channel.Push].Targets);
    }

    [Theory]
    [InlineData("event.v1")]
    [InlineData("event.v2")]
    public async Task A_record_of_either_version_goes_out_when_it_is_retried(string version)
    {
        using var notify = await Cancelling.HarnessAsync();
        var text = version == "event.v1"
            ? """{"id":"e1","type":"alert","priority":"high","recipients":["user_1"],"channels":["push"],"payload":{"message":"x"}}"""
            : """{"schemaVersion":"event.v2","id":"e1","type":"alert","priority":"high","recipients":[{"user":"user_1"}],"channels":["push"],"content":{"message":"x"},"createdAt":"2026-03-04T11:00:00Z"}""";
        var id = await SetAsideAsync(notify, Encoding.UTF8.GetBytes(text));

        var published = Assert.IsType<RetryResult.Published>(await RetryAsync(notify, id));
        await notify.DispatchAsync(await TakeAsync(notify, published.Position));
        await notify.RunQueuesAsync();

        Assert.Single(notify.Senders[Channel.Push].Targets);
    }

    [Fact]
    public async Task A_second_retry_must_be_asked_for_and_still_sends_nothing_twice()
    {
        using var notify = await Cancelling.HarnessAsync();
        var id = await SetAsideAsync(notify, EventWriter.Write(TestEvents.Alert()));

        var first = Assert.IsType<RetryResult.Published>(await RetryAsync(notify, id));
        notify.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(notify.Clock.GetUtcNow().AddMinutes(-1), Assert.IsType<RetryResult.RetriedBefore>(await RetryAsync(notify, id)).At);
        var second = Assert.IsType<RetryResult.Published>(await RetryAsync(notify, id, again: true));
        await notify.DispatchAsync(await TakeAsync(notify, first.Position), await TakeAsync(notify, second.Position));
        await notify.RunQueuesAsync();

        Assert.NotEqual(first.Position, second.Position);
        Assert.Single(notify.Senders[Channel.Push].Targets);
    }

    [Fact]
    public async Task What_is_still_faulty_is_refused_with_its_faults_and_not_published()
    {
        using var notify = new NotifyHarness();
        await notify.DispatchAsync(notify.Record("{}"));
        var id = (await notify.Get<RejectedListing>().ReadAsync(null, 10, CancellationToken.None)).Items[0].Id;

        var result = Assert.IsType<RetryResult.StillFaulty>(await RetryAsync(notify, id));

        Assert.Contains(result.Faults, fault => fault is { Field: "recipients", Code: "missing" });
        Assert.Equal(0, notify.Backends.Topics.Lag("notifications.incoming", "g"));
        Assert.Null((await notify.Get<RejectedListing>().ReadAsync(null, 10, CancellationToken.None)).Items[0].RetriedAt);
    }

    [Fact]
    public async Task What_was_too_large_to_be_kept_whole_is_refused_and_what_is_not_there_is_not_found()
    {
        using var notify = new NotifyHarness();
        var id = await SetAsideAsync(notify, new byte[1_000_000]);

        Assert.IsType<RetryResult.Incomplete>(await RetryAsync(notify, id));
        Assert.IsType<RetryResult.NotFound>(await RetryAsync(notify, id + "0"));
    }

    [Fact]
    public async Task A_retry_that_dies_before_its_mark_can_be_done_again()
    {
        using var notify = await Cancelling.HarnessAsync();
        var id = await SetAsideAsync(notify, EventWriter.Write(TestEvents.Alert()));
        notify.Tables.BeforeWrite = (_, _) => throw new OperationCanceledException("died");
        await Assert.ThrowsAsync<OperationCanceledException>(() => RetryAsync(notify, id));
        notify.Tables.BeforeWrite = FaultyTables.Nothing;

        Assert.IsType<RetryResult.Published>(await RetryAsync(notify, id));
    }

    [Fact]
    public async Task A_batch_that_comes_again_does_not_undo_the_mark()
    {
        using var notify = await Cancelling.HarnessAsync();
        var bytes = EventWriter.Write(TestEvents.Alert());
        var id = await SetAsideAsync(notify, bytes);
        await RetryAsync(notify, id);

        await SetAsideAsync(notify, bytes);

        Assert.IsType<RetryResult.RetriedBefore>(await RetryAsync(notify, id));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("ubnuipb2c.topic.0")]
    [InlineData("ubnuipb2c..0.1")]
    [InlineData("ubnuipb2c.topic.x.1")]
    [InlineData("ubnuipb2c.topic.0.-1")]
    [InlineData("ubnuipb2z.topic.0.1")]
    [InlineData("ubnuipb2c.to/pic.0.1")]
    [InlineData("ubnuipb2c.topic'.0.1")]
    public void An_id_that_no_record_has_is_no_id(string? text) => Assert.False(RejectedId.TryParse(text, out _));

    private static async Task<string> SetAsideAsync(NotifyHarness notify, byte[] bytes, EventHeaders? headers = null)
    {
        var source = new EventPosition("notifications.urgent", 3, 17);
        await notify.Get<RejectedRecords>()
            .SetAsideAsync(source, new DateTimeOffset(2026, 3, 4, 11, 0, 0, TimeSpan.Zero), bytes, headers ?? EventHeaders.None,
                [new EventFault("$", "fault", "Dispatch failed 3 times.")], CancellationToken.None);
        return Assert.Single((await notify.Get<RejectedListing>().ReadAsync(null, 10, CancellationToken.None)).Items).Id;
    }

    private static Task<RetryResult> RetryAsync(NotifyHarness notify, string text, bool again = false)
    {
        Assert.True(RejectedId.TryParse(text, out var id));
        return notify.Get<RejectedRetry>().RetryAsync(id, again, CancellationToken.None);
    }

    private static async Task<IncomingRecord> TakeAsync(NotifyHarness notify, EventPosition position)
    {
        await using var consumer = notify.Backends.Topics.Subscribe(position.Topic, Guid.NewGuid().ToString());
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (consumer.TryRead(out var record) || await consumer.WaitToReadAsync(patience.Token))
        {
            if (record?.Partition == position.Partition && record.Offset == position.Offset)
            {
                return new IncomingRecord(position, record.Timestamp,
                    record.Value)
                {
                    Headers = EventHeaders.From(
                        record.Headers.Select(header => KeyValuePair.Create(header.Name, (byte[]?)header.Value)))
                };
            }
        }
        throw new InvalidOperationException("Not on the topic.");
    }
}
