using System.Text;
using Notify.Functions.Contract;
using Notify.Functions.Erasure;
using Notify.Functions.Infrastructure.Storage;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Suppressions;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Erasure;

/// <summary>
/// Texts that producers and people have written, and in which a recipient may be named: keys, notes, what a duplicate said, what was set
/// aside.
/// </summary>
public sealed class ErasedTextsTests
{
    // Unlike anything else, so that a scan finds it wherever it is.
    private const string Gone = "zoe_4711";
    private const string Address = "zoe_4711@example.com";

    private static readonly NotificationEvent Alone = TestEvents.Alert("alone") with
    {
        Recipients = [Gone],
        DeduplicationKey = "hello "
        + Gone,
        Payload = TestEvents.Json($$"""{"message":"Dear {{Gone}}"}""")
    };
    private static readonly NotificationEvent Shared =
        TestEvents.Alert("shared") with { Recipients = [Gone, "user_1"], DeduplicationKey = "invites " + Address };

    [Fact]
    public async Task Keys_duplicates_and_what_was_set_aside_name_nobody_and_the_keys_go_on()
    {
        using var notify = new NotifyHarness();
        var partitions = notify.Tables.WatchPartitions();
        await notify.AddRecipientAsync(Gone);
        await notify.AddRecipientAsync("user_1");
        foreach (var one in new[] { Alone, Shared })
        {
            await notify.DispatchAsync(
                notify.Record(one), notify.Record(one with { Id = one.Id + "-again" }),
                notify.Record(one with { Id = one.Id + "-other", Priority = Priority.Low }),
                notify.Record(one with { Priority = Priority.Low }));
        }
        await notify.RunQueuesAsync();
        var keyedHashes = notify.Get<KeyedHashes>();
        Assert.NotEmpty(await FoundAsync(notify.Tables, partitions.Keys, text => text.Contains(Gone, StringComparison.Ordinal)));
        Assert.Equal(2, (await FoundAsync(notify.Tables, partitions.Keys, text => text == keyedHashes.Fingerprint(Shared, statesTime: true)
            .ToString())).Count(one => !one.Contains("-again", StringComparison.Ordinal)
                && !one.Contains(keyedHashes.EventHash(null, "shared-again"), StringComparison.Ordinal)));

        await notify.Get<RecipientErasure>().BeginAsync(null, Gone, CancellationToken.None);
        await notify.RunHoursAsync(3);

        Assert.Empty(await FoundAsync(notify.Tables, partitions.Keys, text => text.Contains(Gone, StringComparison.Ordinal)));
        foreach (var one in new[] { Alone, Shared })
        {
            // What was said is in no row of the event any more, not even as a hash.
            var left = await FoundAsync(notify.Tables, partitions.Keys, text => text == keyedHashes.Fingerprint(one, statesTime: true)
                .ToString());
            Assert.All(left, row => Assert.Contains(keyedHashes.EventHash(null, one.Id + "-again"), row, StringComparison.Ordinal));
            Assert.Equal(one.Id, (await notify.ReadAsync(one.Id + "-again")).DuplicateOf);
            // And the key stands for it as before.
            await notify.DispatchAsync(notify.Record(
                one with { Id = one.Id + "-late", Recipients = ["user_1"], Payload = TestEvents.Json("""{"message":"late"}""") }));
            Assert.Equal(one.Id, (await notify.ReadAsync(one.Id + "-late")).DuplicateOf);
        }
    }

    [Fact]
    public async Task What_the_intake_remembers_goes_too()
    {
        using var notify = new NotifyHarness();
        var partitions = notify.Tables.WatchPartitions();
        await notify.AddRecipientAsync(Gone);
        await notify.Get<Notify.Functions.Intake.EventIntake>()
            .AcceptAsync(new(Alone, StatesId: true, StatesTime: true), CancellationToken.None);
        await notify.RunQueuesAsync();
        var fingerprint = notify.Get<KeyedHashes>().Fingerprint(Alone, statesTime: true).ToString();
        Assert.Equal(4, (await FoundAsync(notify.Tables, partitions.Keys, text => text == fingerprint)).Count);

        await notify.Get<RecipientErasure>().BeginAsync(null, Gone, CancellationToken.None);
        await notify.RunHoursAsync(3);

        Assert.Empty(await FoundAsync(notify.Tables, partitions.Keys, text => text == fingerprint
            || text.Contains(Gone, StringComparison.Ordinal)));
        var again = await notify.Get<Notify.Functions.Intake.EventIntake>()
            .AcceptAsync(new(Alone with { Id = "new" }, StatesId: false, StatesTime: true), CancellationToken.None);
        Assert.Equal("alone", again.Id);
    }

    [Theory]
    [InlineData(Gone)]
    [InlineData("mailto:" + Address)]
    [InlineData("tel:+15555550100")]
    public async Task A_suppression_keeps_neither_its_note_nor_its_address(string recipient)
    {
        using var notify = new NotifyHarness();
        var partitions = notify.Tables.WatchPartitions();
        if (recipient == Gone)
        {
            await notify.Get<TableRecipientDirectory>()
                .PutAsync(new RecipientProfile { Id = Gone, Email = Address, Phone = "+15555550100" }, CancellationToken.None);
        }
        var (channel, address) = recipient.StartsWith("tel:", StringComparison.Ordinal)
            ? (Channel.Sms, "+15555550100")
            : (Channel.Email, Address);
        var list = notify.Get<SuppressionList>();
        await list.AddAsync(null, channel, address, SuppressionSource.Manual, "zoe_4711 has called", CancellationToken.None);

        await notify.Get<RecipientErasure>().BeginAsync(null, recipient, CancellationToken.None);
        await notify.RunHoursAsync(3);

        var left = await list.FindAsync(null, channel, address, CancellationToken.None);
        Assert.Equal((null, null, SuppressionSource.Manual), (left!.Address, left.Detail, left.Source));
        Assert.Empty(await FoundAsync(notify.Tables, partitions.Keys, text => text.Contains(Gone, StringComparison.Ordinal)
            || text.Contains("5555550100", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_code_of_a_provider_stays()
    {
        using var notify = new NotifyHarness();
        await notify.Get<TableRecipientDirectory>().PutAsync(new RecipientProfile { Id = Gone, Email = Address }, CancellationToken.None);
        await notify.Get<SuppressionList>()
            .AddAsync(null, Channel.Email, Address, SuppressionSource.Bounce, "550 5.1.1", CancellationToken.None);

        await notify.Get<RecipientErasure>().BeginAsync(null, Gone, CancellationToken.None);
        await notify.RunHoursAsync(3);

        var left = await notify.Get<SuppressionList>().FindAsync(null, Channel.Email, Address, CancellationToken.None);
        Assert.Equal((null, "550 5.1.1"), (left!.Address, left.Detail));
    }

    private static async Task<IReadOnlyList<string>> FoundAsync(
        ITables tables, IEnumerable<(string Table, string Partition)> partitions, Func<string, bool> isWanted)
    {
        var found = new List<string>();
        foreach (var (table, partition) in partitions)
        {
            await foreach (var row in tables.QueryAsync(table, partition, " ", "~~~", CancellationToken.None))
            {
                found.AddRange(row.Properties.SelectMany(property => Texts(property.Value)).Append(row.Key).Where(isWanted)
                    .Select(text => $"{table} {row.Key}: {text}"));
            }
        }
        return found;
    }

    private static IEnumerable<string> Texts(object value)
    {
        if (value is string text)
        {
            yield return text;
        }
        else if (value is byte[] bytes)
        {
            yield return Encoding.UTF8.GetString(bytes);
            string? inside = null;
            try
            {
                inside = Encoding.UTF8.GetString(Brotli.Decompress(bytes));
            }
            catch (Exception fault) when (fault is InvalidDataException or InvalidOperationException)
            {
                // Not compressed.
            }
            if (inside is not null)
            {
                yield return inside;
            }
        }
    }
}
