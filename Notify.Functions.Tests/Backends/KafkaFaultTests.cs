using System.Text;
using Notify.Bench.World;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Tests.Harness;
using Notify.LocalHost.Runtime.Kafka;

namespace Notify.Functions.Tests.Backends;

/// <summary>What publisher and consumers do while the broker is out of reach, and afterwards.</summary>
[Trait("Category", "Slow")]
public sealed class KafkaFaultTests
{
    // The limit, librdkafka's look once a second, and what a busy machine adds.
    private readonly string _topic = $"faults.{Guid.NewGuid():N}";

    [SkippableFact]
    public async Task Does_not_acknowledge_while_the_broker_is_cut_off_and_works_again_afterwards()
    {
        await using var proxy = TcpProxy.BeforeKafka((await RealBackends.KafkaAsync()).Address);
        using var client = new KafkaClient(proxy.Address);
        await WorksAsync(client);

        proxy.Cut();
        await FailsSoonAsync(client);
        await FailsSoonAsync(client);
        proxy.Restore();

        await WorksAsync(client);
    }

    [SkippableFact]
    public async Task Does_not_acknowledge_while_the_network_is_silent_and_works_again_afterwards()
    {
        await using var proxy = TcpProxy.BeforeKafka((await RealBackends.KafkaAsync()).Address);
        using var client = new KafkaClient(proxy.Address);
        await WorksAsync(client);

        proxy.Silence();

        await FailsSoonAsync(client);
        await WorksAsync(client);
    }

    [SkippableFact]
    public async Task Needs_no_broker_to_start_with()
    {
        await using var proxy = TcpProxy.BeforeKafka((await RealBackends.KafkaAsync()).Address);
        proxy.Cut();
        using var client = new KafkaClient(proxy.Address);
        await FailsSoonAsync(client);

        proxy.Restore();

        await WorksAsync(client);
    }

    [SkippableFact]
    public async Task Consumes_on_after_the_broker_was_cut_off()
    {
        var broker = (await RealBackends.KafkaAsync()).Address;
        await using var proxy = TcpProxy.BeforeKafka(broker);
        using var direct = new KafkaClient(broker);
        using var client = new KafkaClient(proxy.Address);
        await direct.Publisher.PublishAsync(Record("before"), CancellationToken.None);
        await using var consumer = client.Source.Subscribe(_topic, _topic);
        await consumer.CommitAsync(await ReadAsync(consumer, until: "before"), CancellationToken.None);

        proxy.Cut();
        await direct.Publisher.PublishAsync(Record("during"), CancellationToken.None);
        await Task.Delay(TimeSpan.FromSeconds(2));
        proxy.Restore();

        var read = await ReadAsync(consumer, until: "during");
        Assert.Equal(["during"], read.Select(ValueOf));
        await Eventually.SucceedsAsync(() => consumer.CommitAsync(read, CancellationToken.None));
    }

    private static string ValueOf(TopicRecord record) => Encoding.UTF8.GetString(record.Value!);

    private static async Task<List<TopicRecord>> ReadAsync(ITopicConsumer consumer, string until)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        var records = new List<TopicRecord>();
        while (records.Count == 0 || ValueOf(records[^1]) != until)
        {
            if (consumer.TryRead(out var record))
            {
                records.Add(record);
            }
            else
            {
                await consumer.WaitToReadAsync(patience.Token);
            }
        }
        return records;
    }

    // One key, so one partition, so one order.
    private OutgoingRecord Record(string value) =>
        new(_topic, "key", Encoding.UTF8.GetBytes(value), new Dictionary<string, string>(StringComparer.Ordinal));

    private Task WorksAsync(KafkaClient client) =>
        Eventually.SucceedsAsync(() => client.Publisher.PublishAsync(Record("works"), CancellationToken.None));

    private async Task FailsSoonAsync(KafkaClient client)
    {
        await Assert.ThrowsAsync<EventNotAcknowledgedException>(() => client.Publisher.PublishAsync(Record("lost"), CancellationToken.None)
            .WaitAsync(Patience.Limit));
    }
}
