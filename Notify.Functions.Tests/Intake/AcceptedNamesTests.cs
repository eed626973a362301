using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Notify.Functions.Contract;
using Notify.Functions.Dispatch;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Intake;
using Notify.Functions.Recovery;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Intake;

/// <summary>One name, asked for again: the first one's id for the same body, a refusal for another one.</summary>
public sealed class AcceptedNamesTests
{
    private const string Topic = "notifications.incoming";
    private const string Body =
        """{"type":"alert","priority":"normal","recipients":["user_1"],"channels":["push"],"payload":{"message":"m","n":1}}""";
    private const string Same =
        """{"payload":{"n":1.0,"message":"m"},"type":"alert","priority":"normal","recipients":["user_1"],"channels":["push"]}""";
    private const string Other =
        """{"type":"alert","priority":"normal","recipients":["user_1"],"channels":["push"],"payload":{"message":"other"}}""";

    [Fact]
    public async Task One_key_with_the_same_body_is_the_first_event_and_goes_out_once()
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");

        var first = await AcceptAsync(notify, Body, "k");
        notify.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await AcceptAsync(notify, Same, "k");
        await DispatchAllAsync(notify);
        var third = await AcceptAsync(notify, With(Same, "deduplicationKey", "k"));
        await DispatchAllAsync(notify);
        await notify.RunQueuesAsync();

        Assert.Equal(32, first.Id.Length);
        Assert.Equal([first, first], [second, third]);
        Assert.Single(notify.Senders[Channel.Push].Targets);
        Assert.Null((await notify.ReadAsync(first.Id)).DuplicateOf);
        Assert.Equal([first.Id, first.Id, first.Id], await TopicAsync(notify));
        Assert.Empty(await RejectedAsync(notify));
    }

    [Theory]
    [InlineData("k", null, null, "deduplicationKey")]
    [InlineData("k", "a", "b", "deduplicationKey")]
    [InlineData("k", null, "b", "deduplicationKey")]
    [InlineData("k", "a", "a", "id")]
    [InlineData(null, "a", "a", "id")]
    public async Task One_name_with_another_body_is_refused_before_and_after_dispatch(
        string? key, string? firstId, string? secondId, string field)
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");
        var first = await AcceptAsync(notify, With(Body, "id", firstId), key);

        var before = await AcceptAsync(notify, With(Other, "id", secondId), key);
        await DispatchAllAsync(notify);
        await notify.RunQueuesAsync();
        var after = await AcceptAsync(notify, With(Other, "id", secondId), key);
        // Ids are for good, and so is a row whose event was dispatched.
        notify.Clock.Advance(TimeSpan.FromHours(23));
        var late = await AcceptAsync(notify, With(Other, "id", secondId), key);

        foreach (var refused in new[] { before, after, late })
        {
            Assert.Equal((false, field, "conflicting_duplicate"), (refused.IsAcknowledged, refused.Conflict!.Field, refused.Conflict.Code));
            Assert.Contains($"'{first.Id}'", refused.Conflict.Detail, StringComparison.Ordinal);
        }
        Assert.Single(await TopicAsync(notify));
        Assert.Single(notify.Senders[Channel.Push].Targets);
    }

    [Theory]
    [InlineData("k", null)]
    [InlineData("k", "b")]
    [InlineData(null, "a")]
    public async Task What_came_over_the_topic_first_counts_too(string? key, string? id)
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");
        await notify.DispatchAsync(notify.Record(With(With(Body, "id", "a"), "deduplicationKey", key), offset: 1000));

        var same = await AcceptAsync(notify, With(Same, "id", id), key);
        var other = await AcceptAsync(notify, With(Other, "id", id), key);
        await DispatchAllAsync(notify);
        await notify.RunQueuesAsync();

        Assert.Equal(new Acceptance("a", Conflict: null, IsAcknowledged: true), same);
        Assert.Equal("conflicting_duplicate", other.Conflict!.Code);
        Assert.Single(notify.Senders[Channel.Push].Targets);
        Assert.Empty(await RejectedAsync(notify));
    }

    [Fact]
    public async Task What_comes_over_the_topic_later_is_a_duplicate_or_set_aside()
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");
        var first = await AcceptAsync(notify, Body, "k");
        await DispatchAllAsync(notify);
        notify.Clock.Advance(TimeSpan.FromHours(1));

        await notify.DispatchAsync(notify.Record(With(With(Same, "id", "b"), "deduplicationKey", "k"), 1000),
            notify.Record(With(With(Other, "id", "c"), "deduplicationKey", "k"), 1001));
        await notify.RunQueuesAsync();

        Assert.Single(notify.Senders[Channel.Push].Targets);
        Assert.Equal(first.Id, (await notify.ReadAsync("b")).DuplicateOf);
        Assert.Equal("conflicting_duplicate", Assert.Single(await RejectedAsync(notify)).Cause);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_callers_who_ask_at_once_with_one_key_each_hears_of_the_first(bool sameBody)
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");

        var answers = await Task.WhenAll(Enumerable.Range(0, 16)
            .Select(number => Task.Run(() => AcceptAsync(notify, sameBody || number % 2 == 0 ? Body : Other, "k"))));
        await DispatchAllAsync(notify);
        await notify.RunQueuesAsync();

        var taken = answers.Where(one => one.Conflict is null).ToList();
        Assert.Equal(sameBody ? 16 : 8, taken.Count);
        var id = Assert.Single(taken.Select(one => one.Id).Distinct(StringComparer.Ordinal));
        Assert.All(answers.Except(taken), one => Assert.Contains($"'{id}'", one.Conflict!.Detail, StringComparison.Ordinal));
        Assert.Single(notify.Senders[Channel.Push].Targets);
        Assert.Empty(await RejectedAsync(notify));
    }

    [Fact]
    public async Task Who_dies_between_the_row_and_the_topic_loses_nothing_and_doubles_nothing()
    {
        var broker = new DyingBroker();
        using var notify = new NotifyHarness(configure: services => services.Replace(ServiceDescriptor.Singleton<IEventPublisher>(broker)));
        await notify.AddRecipientAsync("user_1");

        await Assert.ThrowsAsync<EventNotAcknowledgedException>(() => AcceptAsync(notify, Body, "k"));
        Assert.Equal("conflicting_duplicate", (await AcceptAsync(notify, Other, "k")).Conflict!.Code);
        notify.Clock.Advance(TimeSpan.FromMinutes(1));
        var again = await AcceptAsync(notify, Body, "k");
        await notify.DispatchAsync([.. broker.Records.Select((record, offset) =>
            KafkaEventRecords.Incoming(record, new EventPosition(record.Topic, 0, offset), notify.Clock.GetUtcNow()))]);
        await notify.RunQueuesAsync();

        // The first one may have been on the topic, and was.
        Assert.Equal(2, broker.Records.Count);
        Assert.Equal([again.Id, again.Id],
            broker.Records.Select(record => EventReader.Read(record.Value, new EventDefaults(null, default)).Event!.Id));
        Assert.Single(notify.Senders[Channel.Push].Targets);
        Assert.Empty(await RejectedAsync(notify));
    }

    [Fact]
    public async Task A_row_whose_event_never_came_stops_nobody()
    {
        var broker = new DyingBroker();
        using var notify = new NotifyHarness(configure: services => services.Replace(ServiceDescriptor.Singleton<IEventPublisher>(broker)));
        await notify.AddRecipientAsync("user_1");
        await Assert.ThrowsAsync<EventNotAcknowledgedException>(() => AcceptAsync(notify, Body, "k"));

        await notify.DispatchAsync(notify.Record(With(With(Body, "id", "a"), "deduplicationKey", "k")));
        await notify.RunQueuesAsync();

        Assert.Null((await notify.ReadAsync("a")).DuplicateOf);
        Assert.Single(notify.Senders[Channel.Push].Targets);
        Assert.Equal("a", (await AcceptAsync(notify, Same, "k")).Id);
    }

    [Fact]
    public async Task While_the_storage_is_away_events_are_taken_and_dispatch_finds_the_duplicate()
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");
        notify.Tables.BeforeWrite = (_, _) => throw new TimeoutException("away");

        var (first, second) = (await AcceptAsync(notify, Body, "k"), await AcceptAsync(notify, Same, "k"));
        notify.Tables.BeforeWrite = FaultyTables.Nothing;
        await DispatchAllAsync(notify);
        await notify.RunQueuesAsync();

        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(first.Id, (await notify.ReadAsync(second.Id)).DuplicateOf);
        Assert.Single(notify.Senders[Channel.Push].Targets);
        Assert.Empty(await RejectedAsync(notify));
    }

    [Fact]
    public async Task A_storage_that_hangs_is_not_waited_for_longer_than_callers_wait()
    {
        using var notify = new NotifyHarness(configure: services =>
            services.Replace(ServiceDescriptor.Singleton<ITables>(new HangingTables())));

        var accepting = AcceptAsync(notify, Body, "k");
        while (!accepting.IsCompleted)
        {
            notify.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }

        Assert.True((await accepting).IsAcknowledged);
        Assert.Contains(notify.Log.Lines, line => line.Contains("The names of 1 events are not claimed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, null, 0, 0)]
    [InlineData("k", null, 1, 1)]
    [InlineData(null, "a", 1, 1)]
    [InlineData("k", "a", 2, 2)]
    public async Task Only_who_gives_a_name_pays_for_it(string? key, string? id, int writes, int reads)
    {
        using var notify = new NotifyHarness();
        var written = 0;
        notify.Tables.BeforeWrite = (_, _) =>
        {
            written++;
            return Task.CompletedTask;
        };

        await AcceptAsync(notify, With(Body, "id", id), key);

        Assert.Equal((writes, reads), (written, notify.Tables.Reads("events")));
    }

    [Fact]
    public async Task Two_tenants_have_keys_and_ids_of_their_own()
    {
        using var notify = new NotifyHarness();

        Assert.Null((await AcceptAsync(notify, With(Body, "id", "a"), "k")).Conflict);
        Assert.Null((await AcceptAsync(notify, With(With(Other, "id", "a"), "tenant", "acme"), "k")).Conflict);
        Assert.NotNull((await AcceptAsync(notify, With(With(Body, "id", "a"), "tenant", "acme"), "k")).Conflict);
    }

    [Fact]
    public async Task An_id_that_was_refused_for_its_key_stands_for_nothing()
    {
        using var notify = new NotifyHarness();
        await AcceptAsync(notify, Body, "k");

        Assert.Equal("deduplicationKey", (await AcceptAsync(notify, With(Other, "id", "a"), "k")).Conflict!.Field);
        Assert.Equal("a", (await AcceptAsync(notify, With(Body, "id", "a"))).Id);
    }

    [Fact]
    public async Task When_its_time_is_over_a_key_can_be_used_anew()
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");
        var first = await AcceptAsync(notify, Body, "k");
        await DispatchAllAsync(notify);
        notify.Clock.Advance(TimeSpan.FromHours(24));

        var second = await AcceptAsync(notify, Other, "k");
        await notify.DispatchAsync((await RecordsAsync(notify))[^1]);
        await notify.RunQueuesAsync();

        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(2, notify.Senders[Channel.Push].Targets.Count);
    }

    [Fact]
    public async Task A_time_that_callers_state_belongs_to_the_body_and_one_that_is_filled_in_does_not()
    {
        using var notify = new NotifyHarness();
        var first = await AcceptAsync(notify, With(Body, "createdAt", "2026-03-04T11:00:00Z"), "k");
        notify.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(first, await AcceptAsync(notify, With(Body, "createdAt", "2026-03-04T12:00:00+01:00"), "k"));
        Assert.Equal(first, await AcceptAsync(notify, Body, "k"));
        Assert.NotNull((await AcceptAsync(notify, With(Body, "createdAt", "2026-03-04T11:00:01Z"), "k")).Conflict);
    }

    [Fact]
    public async Task In_a_batch_each_event_has_an_answer_of_its_own_and_the_first_of_a_name_counts()
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("user_1");
        string[] events =
        [
            With(Body, "deduplicationKey", "k"), With(Same, "deduplicationKey", "k"), With(Other, "deduplicationKey", "k"),
            With(Body, "id", "a"), With(Other, "id", "a"), Other,
        ];

        var results = await notify.Get<BatchIntake>()
            .AcceptAsync([.. events.Select(one => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(one))], traceParent: null,
                CancellationToken.None);
        await DispatchAllAsync(notify);
        await notify.RunQueuesAsync();

        Assert.Equal([202, 202, 422, 202, 422, 202], results.Select(one => one.Status));
        Assert.Equal([results[0].Id, results[0].Id, null, "a", null], results.Take(5).Select(one => one.Id));
        Assert.All(results, one => Assert.Equal(one.Status == 422, one.Errors is not null));
        Assert.Equal(3, notify.Senders[Channel.Push].Targets.Count);
        Assert.Empty(await RejectedAsync(notify));
    }

    private static string With(string json, string field, string? value) =>
        value is null ? json : $$"""{"{{field}}":"{{value}}",{{json[1..]}}""";

    private static async Task<Acceptance> AcceptAsync(NotifyHarness notify, string json, string? key = null)
    {
        var now = notify.Clock.GetUtcNow();
        var defaults = new EventDefaults(Guid.CreateVersion7(now).ToString("N"), now, key);
        var reading = EventReader.Read(Encoding.UTF8.GetBytes(json), defaults);
        Assert.NotNull(reading.Event);
        return await notify.Get<EventIntake>().AcceptAsync(Submission.Create(reading.Event, reading, defaults), CancellationToken.None);
    }

    private static async Task<IReadOnlyList<string>> TopicAsync(NotifyHarness notify) =>
        [.. (await RecordsAsync(notify)).Select(record =>
            EventReader.Read(record.Value, new EventDefaults(null, record.Timestamp)).Event!.Id)];

    // Everything that is on the topic, from its beginning, as the trigger brings it.
    private static async Task DispatchAllAsync(NotifyHarness notify) => await notify.DispatchAsync([.. await RecordsAsync(notify)]);

    private static async Task<IReadOnlyList<IncomingRecord>> RecordsAsync(NotifyHarness notify)
    {
        var group = Guid.NewGuid().ToString();
        var records = new List<IncomingRecord>();
        await using var consumer = notify.Backends.Topics.Subscribe(Topic, group);
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (records.Count < notify.Backends.Topics.Lag(Topic, group))
        {
            if (consumer.TryRead(out var record))
            {
                records.Add(new IncomingRecord(new EventPosition(Topic, record.Partition, record.Offset), record.Timestamp, record.Value)
                {
                    Headers = EventHeaders.From(record.Headers.Select(header => KeyValuePair.Create(header.Name, (byte[]?)header.Value))),
                });
                continue;
            }
            await consumer.WaitToReadAsync(patience.Token);
        }
        return records;
    }

    private static async Task<IReadOnlyList<RejectedView>> RejectedAsync(NotifyHarness notify) =>
        (await notify.Get<RejectedListing>().ReadAsync(null, 50, CancellationToken.None)).Items;

    private sealed class HangingTables : ITables
    {
        public async Task<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return null;
        }

        public IAsyncEnumerable<TableRow> QueryAsync(
            string table, string partition, string from, string to, CancellationToken cancellationToken) =>
                throw new NotSupportedException();

        public Task<int> CountAsync(
            string table, string partition, string from, string to, int most, CancellationToken cancellationToken) =>
                throw new NotSupportedException();

        public async Task<TableOutcome> WriteAsync(string table, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return TableOutcome.Done;
        }
    }

    // Its record is on the topic, and the first answer is lost.
    private sealed class DyingBroker : IEventPublisher
    {
        public List<OutgoingRecord> Records { get; } = [];

        public Task<EventPosition> PublishAsync(OutgoingRecord record, CancellationToken cancellationToken)
        {
            Records.Add(record);
            return Records.Count == 1
                ? throw new EventNotAcknowledgedException("lost") : Task.FromResult(new EventPosition(record.Topic, 0, Records.Count));
        }
    }
}
