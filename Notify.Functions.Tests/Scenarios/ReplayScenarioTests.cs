using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Tests.Harness;
using Notify.LocalHost.Tools.Replay;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>What was decided is decided again, from the broker's records, and held against the ledger.</summary>
[Trait("Category", "Slow")]
public sealed class ReplayScenarioTests
{
    private static readonly ReplayRange All = ReplayRange.Parse(RealWorld.BulkTopic)!;

    [SkippableFact]
    public async Task Nothing_differs_until_a_rule_changes_or_a_row_is_gone_and_nothing_is_changed_by_looking()
    {
        await using var world = await RealWorld.StartAsync();
        var recipients = world.Observer.Services.GetRequiredService<TableRecipientDirectory>();
        await recipients.PutAsync(new RecipientProfile { Id = "ann", Email = "ann@example.com", PushTokens = ["ann"] },
            CancellationToken.None);
        var host = await world.StartHostAsync();
        var first = TestEvents.Alert("first") with
        {
            Priority = Priority.Normal,
            Recipients = ["ann", "nobody"],
            Channels = [Channel.Push, Channel.Sms]
        };
        await world.PublishAsync(first);
        await world.PublishAsync(first);
        await world.PublishAsync(first with { Id = "second", Recipients = ["ann"], Channels = [Channel.Push] });
        await world.Observer.Services.GetRequiredService<IEventPublisher>().PublishAsync(
            new OutgoingRecord(RealWorld.BulkTopic, "x", Encoding.UTF8.GetBytes("{"),
                new Dictionary<string, string>(StringComparer.Ordinal)), CancellationToken.None);
        await Bulks.FinalAsync(world, 5);
        // The others have partitions of their own.
        await Patience.UntilAsync(() => host.Http.GetStringAsync(new Uri("api/rejected", UriKind.Relative)), rejected =>
            !rejected.Contains("\"items\":[]", StringComparison.Ordinal));

        var (same, _) = await ReplayAsync(world);
        Assert.Equal("4 records: 1 rejected, 1 duplicates; 5 deliveries: 0 would be decided otherwise now, 0 are missing", same.ToString());

        await recipients.PutAsync(new RecipientProfile { Id = "ann", Email = "ann@example.com" }, CancellationToken.None);
        var (changed, lines) = await ReplayAsync(world);
        Assert.Equal((2, 0), (changed.Changed, changed.Missing));
        Assert.Contains("was send (send), now suppress (no_address)", lines, StringComparison.Ordinal);
        Assert.DoesNotContain("ann", lines, StringComparison.Ordinal);

        var id = world.Observer.Services.GetRequiredService<KeyedHashes>().Delivery(first with { Id = "second" }, "ann", Channel.Push);
        await world.Observer.Services.GetRequiredService<ITables>()
            .WriteAsync(TableNames.Deliveries, [TableWrite.Delete(id.Partition, id.ToString())], CancellationToken.None);
        var (missing, missed) = await ReplayAsync(world);
        Assert.Equal((1, 1), (missing.Changed, missing.Missing));
        Assert.Contains($"{id} was never decided", missed, StringComparison.Ordinal);
        Assert.Null(await world.Observer.Services.GetRequiredService<DeliveryTable>().FindAsync(id, CancellationToken.None));
    }

    [SkippableFact]
    public async Task What_is_not_there_is_named_and_not_made()
    {
        await using var world = await RealWorld.StartAsync();
        await world.PublishAsync(TestEvents.Alert("first") with { Priority = Priority.Normal });

        foreach (var (range, said) in new[]
                 {
                     ("notifications.nope", "there is no such topic. Topics: notifications.incoming"),
                     (RealWorld.BulkTopic + "/99", "there is no partition 99. Partitions: 0"),
                     (RealWorld.BulkTopic + "/0@1000-2000", "partition 0 "),
                     ("notifications.nope", "there is no such topic. Topics: notifications.incoming"),
                 })
        {
            var fault = await Assert.ThrowsAsync<KafkaException>(() => ReplayAsync(world, ReplayRange.Parse(range)));
            Assert.StartsWith(said, fault.Error.Reason, StringComparison.Ordinal);
            Assert.DoesNotContain("nope", fault.Error.Reason, StringComparison.Ordinal);
        }
    }

    private static async Task<(ReplaySummary Summary, string Lines)> ReplayAsync(RealWorld world, ReplayRange? range = null)
    {
        await using var lines = new StringWriter();
        return (await world.Observer.Services.GetRequiredService<ReplayRun>().RunAsync(range ?? All, lines, CancellationToken.None),
            lines.ToString());
    }
}
