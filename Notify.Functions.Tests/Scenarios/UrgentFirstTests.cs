using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Status;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>Bulk records that were there before do not hold an urgent one up, on a real broker.</summary>
[Trait("Category", "Slow")]
public sealed class UrgentFirstTests
{
    private const int Bulk = 20_000;

    [SkippableFact]
    public async Task A_critical_event_behind_twenty_thousand_bulk_ones_reaches_its_queue_first()
    {
        await using var world = await RealWorld.StartAsync();
        var services = world.Observer.Services;
        foreach (var some in Enumerable.Range(0, Bulk).Chunk(1000))
        {
            await Task.WhenAll(some.Select(n =>
                world.PublishAsync(Happened(string.Create(CultureInfo.InvariantCulture, $"bulk-{n}"), Priority.Normal))));
        }
        await world.PublishAsync(Happened("urgent", Priority.Critical));

        var host = await world.StartHostAsync(functions: "Dispatch,DispatchUrgent");
        await Patience.UntilAsync(
            () =>
            {
                Assert.False(host.HasExited, host.Output);
                return services.GetRequiredService<IQueues>().CountAsync("notify-sms-urgent", CancellationToken.None);
            },
            waiting => waiting > 0);
        await host.KillAsync();

        var urgent = await services.GetRequiredService<NotificationReader>().FindAsync(null, "urgent", 0, 10, CancellationToken.None);
        Assert.Equal("send", Assert.Single(urgent!.Deliveries).Reason);
        // Both consumers of the host were at work; what the bulk one has not committed was not dispatched, or not completely.
        var waiting = await services.GetRequiredService<IConsumerLag>()
            .MeasureAsync(RealWorld.BulkTopic, "notification-service-v1", CancellationToken.None);
        Assert.True(waiting > Bulk / 2, $"Only {waiting} bulk records were still waiting.");
    }

    private static NotificationEvent Happened(string id, Priority priority) => TestEvents.Alert(id) with
    {
        Type = EventType.Transactional,
        Priority = priority,
        Recipients = ["tel:+12025550123"],
        Channels = [Channel.Sms],
    };
}
