using System.Globalization;
using Notify.Functions.Contract;
using Notify.Functions.Erasure;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Topics;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Recipients;

/// <summary>What it costs to find out who the recipients are, counted at the port to the tables.</summary>
public sealed class RecipientReadsTests
{
    [Theory]
    [InlineData(3200, 3200)]
    [InlineData(3200, 32_000)]
    public async Task Dispatch_to_a_topic_reads_at_most_one_operation_for_20_recipients(int subscribers, int recipients)
    {
        using var notify = new NotifyHarness();
        await FillAsync(notify, recipients);
        await notify.Get<TopicSubscribers>().SubscribeAsync(null, "offers", [.. Ids(subscribers)], CancellationToken.None);
        var before = notify.Tables.Reads(TableNames.Recipients);

        await notify.DispatchAsync(notify.Record(TestEvents.Alert() with { Recipients = ["topic:offers"] }));
        await notify.RunQueuesAsync();

        Assert.InRange(notify.Tables.Reads(TableNames.Recipients) - before, 1, subscribers / 20);
        Assert.Equal(subscribers, notify.Senders[Channel.Push].Targets.Count);
    }

    [Fact]
    public async Task Few_recipients_among_very_many_are_read_by_their_keys_and_not_searched_for()
    {
        using var notify = new NotifyHarness();
        await FillAsync(notify, 64_000);
        var some = Ids(64_000).Where((_, place) => place % 160 == 0).ToList();
        var directory = notify.Get<TableRecipientDirectory>();

        await directory.FindAsync(null, some, CancellationToken.None);
        var before = notify.Tables.Reads(TableNames.Recipients);
        notify.Clock.Advance(TimeSpan.FromMinutes(2));
        var found = await directory.FindAsync(null, some, CancellationToken.None);

        Assert.Equal(some.Count, found.Count);
        Assert.InRange(notify.Tables.Reads(TableNames.Recipients) - before, some.Count, some.Count + KeyedHashes.Partitions.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(19)]
    [InlineData(700)]
    [InlineData(5000)]
    public async Task Whoever_is_there_is_found_however_they_are_read(int recipients)
    {
        using var notify = new NotifyHarness();
        await FillAsync(notify, recipients);
        var asked = Ids(recipients).Where((_, place) => place % 3 == 0)
            .Concat(Enumerable.Range(0, recipients / 2).Select(n => "nobody." + n)).Append("mailto:a@example.com").ToList();

        for (var again = 0; again < 2; again++)
        {
            var found = await notify.Get<TableRecipientDirectory>().FindAsync(null, asked, CancellationToken.None);

            Assert.Equal(asked.Where(id => !id.StartsWith("nobody", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
                found.Keys.Order(StringComparer.Ordinal));
            Assert.All(found, one => Assert.Equal(one.Key, one.Value.Id));
        }
    }

    [Fact]
    public async Task Recipients_that_are_needed_again_cost_one_operation_a_partition()
    {
        using var notify = new NotifyHarness();
        await FillAsync(notify, 300);
        await notify.Get<TableRecipientDirectory>().FindAsync(null, [.. Ids(300)], CancellationToken.None);
        var before = notify.Tables.Reads(TableNames.Recipients);

        Assert.Equal(300, (await notify.Get<TableRecipientDirectory>().FindAsync(null, [.. Ids(300)], CancellationToken.None)).Count);

        Assert.Equal(KeyedHashes.Partitions.Count, notify.Tables.Reads(TableNames.Recipients) - before);
    }

    [Fact]
    public async Task What_another_instance_has_changed_is_seen_at_once()
    {
        using var one = new NotifyHarness();
        using var other = new NotifyHarness(one.Backends, one.Clock);
        await FillAsync(one, 300);
        await one.Get<TableRecipientDirectory>().FindAsync(null, [.. Ids(300)], CancellationToken.None);

        await other.Get<TableRecipientDirectory>()
            .PutAsync(new RecipientProfile { Id = "u7", Email = "new@example.com" }, CancellationToken.None);
        await other.Get<TableRecipientDirectory>()
            .ChangeAsync(null, "u8", before => before with { Email = "newer@example.com" }, CancellationToken.None);
        await other.Get<RecipientErasure>().BeginAsync(null, "u9", CancellationToken.None);
        var found = await one.Get<TableRecipientDirectory>().FindAsync(null, [.. Ids(300)], CancellationToken.None);

        Assert.Equal("new@example.com", found["u7"].Email);
        Assert.Equal("newer@example.com", found["u8"].Email);
        Assert.True(found["u9"].IsErased);
    }

    [Fact]
    public async Task What_is_written_past_the_service_is_seen_when_the_cache_is_too_old()
    {
        using var notify = new NotifyHarness(settings: new Dictionary<string, string?> { ["Notify:Recipients:CacheAge"] = "00:00:10" });
        await FillAsync(notify, 300);
        var directory = notify.Get<TableRecipientDirectory>();
        await directory.FindAsync(null, [.. Ids(300)], CancellationToken.None);
        await FillAsync(notify, 300, "moved");

        notify.Clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal("u7@example.com", (await directory.FindAsync(null, [.. Ids(300)], CancellationToken.None))["u7"].Email);
        notify.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("u7@moved.com", (await directory.FindAsync(null, [.. Ids(300)], CancellationToken.None))["u7"].Email);
    }

    [Fact]
    public async Task A_change_that_meets_another_is_made_on_what_the_other_left()
    {
        using var notify = new NotifyHarness();
        await notify.AddRecipientAsync("jane");
        var directory = notify.Get<TableRecipientDirectory>();
        var meanwhile = false;

        await directory.ChangeAsync(null, "jane", before =>
        {
            if (!meanwhile)
            {
                meanwhile = true;
                directory.ChangeAsync(null, "jane", other => other with { Locale = "de" }, CancellationToken.None).GetAwaiter().GetResult();
            }
            return before with { TimeZone = "Europe/Vienna" };
        }, CancellationToken.None);

        var jane = (await directory.FindAsync(null, ["jane"], CancellationToken.None))["jane"];
        Assert.Equal(("de", "Europe/Vienna"), (jane.Locale, jane.TimeZone));
    }

    private static IEnumerable<string> Ids(int count) =>
        Enumerable.Range(0, count).Select(n => string.Create(CultureInfo.InvariantCulture, $"u{n}"));

    // Past the service, as somebody does who writes into the table: nothing says that anything has changed.
    private static async Task FillAsync(NotifyHarness notify, int count, string domain = "example")
    {
        var rows = Ids(count).Select(id =>
        {
            var row = notify.Get<RecipientRows>().KeyOf(null, id);
            row["profile"] = System.Text.Json.JsonSerializer.Serialize(
                new RecipientProfile { Id = id, Email = $"{id}@{domain}.com", PushTokens = ["t-" + id] }, NotifyJson.Options);
            return TableWrite.Upsert(row);
        });
        foreach (var chunk in rows.GroupBy(write => write.Row.Partition).SelectMany(partition => partition.Chunk(100)))
        {
            await notify.Backends.Tables.WriteAsync(TableNames.Recipients, chunk, CancellationToken.None);
        }
    }
}
