using Confluent.Kafka;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Tests.Harness;
using Notify.LocalHost.Backends;

namespace Notify.Functions.Tests.Backends;

/// <summary>
/// The broker of tests and measurements (<c>--broker-only</c>). A partition of it keeps about 5 MB and drops older records silently.
/// </summary>
[Trait("Category", "Slow")]
public sealed class KafkaMockServerTests : IAsyncDisposable
{
    private readonly BackendProcesses _processes = new();

    public ValueTask DisposeAsync() => _processes.DisposeAsync();

    [SkippableFact]
    public async Task The_services_topics_have_enough_partitions_for_what_a_measurement_puts_there()
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = await StartAsync() }).Build();

        Assert.All(
            new[] { new BrokerOptions().Topic, new BrokerOptions().UrgentTopic },
            topic => Assert.Equal(16, Assert.Single(admin.GetMetadata(topic, Patience.Limit).Topics).Partitions.Count));
    }

    [SkippableFact]
    public async Task All_that_is_produced_within_what_the_partitions_keep_is_consumed()
    {
        const int Records = 50_000;
        var broker = await StartAsync();
        var topic = new BrokerOptions().Topic;
        using var producer = new ProducerBuilder<int, byte[]>(new ProducerConfig { BootstrapServers = broker, LingerMs = 5 }).Build();
        using var consumer = new ConsumerBuilder<int, byte[]>(
            new ConsumerConfig { BootstrapServers = broker, GroupId = "all", EnableAutoCommit = false }).Build();
        consumer.Assign(Enumerable.Range(0, 16)
            .Select(partition => new TopicPartitionOffset(topic, partition,
                consumer.QueryWatermarkOffsets(new TopicPartition(topic, partition), Patience.Limit).High)));

        var acknowledged = 0;
        for (var n = 0; n < Records; n++)
        {
            producer.Produce(topic, new Message<int, byte[]> { Key = n, Value = new byte[400] }, report =>
                Interlocked.Add(ref acknowledged, report.Error.IsError ? 0 : 1));
            if (n % 10_000 == 0)
            {
                producer.Flush(Patience.Limit);
            }
        }
        producer.Flush(Patience.Limit);
        var read = new HashSet<int>();
        while (read.Count < Records && consumer.Consume(Patience.Limit) is { } record)
        {
            Assert.True(read.Add(record.Message.Key));
        }

        Assert.Equal((Records, Records), (acknowledged, read.Count));
    }

    // One of its own: others would be given what is put on the service's topics here.
    private async Task<string> StartAsync() =>
        (await RealBackends.OrSkipAsync(() => _processes.StartKafkaAsync(CancellationToken.None))).Address;
}
