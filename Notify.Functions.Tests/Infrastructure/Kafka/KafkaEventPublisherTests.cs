using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;
using Notify.Functions.Infrastructure.Kafka;

namespace Notify.Functions.Tests.Infrastructure.Kafka;

public sealed class KafkaEventPublisherTests
{
    private static readonly OutgoingRecord Record =
        new("topic", "key", "value"u8.ToArray(),
            new Dictionary<string, string>(StringComparer.Ordinal) { ["content-type"] = "application/json" });

    private readonly List<Mock<IProducer<string, byte[]>>> _producers = [];

    [Fact]
    public async Task Makes_one_producer_and_only_when_the_first_record_comes()
    {
        using var publisher = Publisher(_ => Stored(7));
        Assert.Empty(_producers);

        await publisher.PublishAsync(Record, CancellationToken.None);
        var position = await publisher.PublishAsync(Record, CancellationToken.None);

        Assert.Equal(new EventPosition("topic", 3, 7), position);
        Assert.Single(_producers);
    }

    [Fact]
    public async Task Gives_up_on_a_client_that_never_answers()
    {
        using var publisher = Publisher(_ => new TaskCompletionSource<DeliveryResult<string, byte[]>>().Task,
            TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAsync<EventNotAcknowledgedException>(() => publisher.PublishAsync(Record, CancellationToken.None));
    }

    [Fact]
    public async Task Says_that_a_record_is_not_acknowledged_without_its_content()
    {
        using var publisher = Publisher(_ => Fails(ErrorCode.Local_MsgTimedOut));

        var fault = await Assert.ThrowsAsync<EventNotAcknowledgedException>(() => publisher.PublishAsync(Record, CancellationToken.None));

        Assert.Contains("Local_MsgTimedOut", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("value", fault.ToString(), StringComparison.Ordinal);
        Assert.Single(_producers);
    }

    [Fact]
    public async Task Blames_the_record_where_it_is_too_large()
    {
        using var publisher = Publisher(_ => Fails(ErrorCode.MsgSizeTooLarge));

        await Assert.ThrowsAsync<ArgumentException>(() => publisher.PublishAsync(Record, CancellationToken.None));
    }

    [Fact]
    public async Task Makes_a_new_producer_after_a_fatal_error()
    {
        using var publisher = Publisher(number => number == 0 ? Fails(ErrorCode.OutOfOrderSequenceNumber, isFatal: true) : Stored(1));
        await Assert.ThrowsAsync<EventNotAcknowledgedException>(() => publisher.PublishAsync(Record, CancellationToken.None));

        await publisher.PublishAsync(Record, CancellationToken.None);

        Assert.Equal(2, _producers.Count);
    }

    [Fact]
    public async Task Waits_for_records_on_their_way_when_it_ends()
    {
        var publisher = Publisher(_ => Stored(1));
        await publisher.PublishAsync(Record, CancellationToken.None);

        publisher.Dispose();

        _producers[0].Verify(producer => producer.Flush(It.Is<TimeSpan>(limit => limit <= TimeSpan.FromSeconds(2))), Times.Once);
        _producers[0].Verify(producer => producer.Dispose(), Times.Once);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => publisher.PublishAsync(Record, CancellationToken.None));
    }

    [Fact]
    public async Task Stops_waiting_when_the_caller_does()
    {
        using var cancel = new CancellationTokenSource();
        using var publisher = Publisher(_ => new TaskCompletionSource<DeliveryResult<string, byte[]>>().Task);
        var publishing = publisher.PublishAsync(Record, cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publishing);
    }

    [Fact]
    public void Asks_for_every_replica_once_within_the_limit()
    {
        var config = KafkaProducers.Config(new BrokerOptions { BrokerList = "broker:9092", PublishTimeout = TimeSpan.FromSeconds(3) });

        Assert.Equal(Acks.All, config.Acks);
        Assert.True(config.EnableIdempotence);
        Assert.Equal(3000, config.MessageTimeoutMs);
        Assert.Equal((3, 100), (config.MessageSendMaxRetries, config.RetryBackoffMs));
        Assert.InRange(config.LingerMs!.Value, 0, 2);
        Assert.Equal("broker:9092", config.BootstrapServers);
        Assert.Null(config.SaslUsername);
    }

    private static Task<DeliveryResult<string, byte[]>> Stored(long offset) => Task.FromResult(
        new DeliveryResult<string, byte[]> { Topic = "topic", Partition = 3, Offset = offset, Status = PersistenceStatus.Persisted });

    private static Task<DeliveryResult<string, byte[]>> Fails(ErrorCode code, bool isFatal = false) =>
        Task.FromException<DeliveryResult<string, byte[]>>(
            new ProduceException<string, byte[]>(new Error(code, "reason", isFatal), new DeliveryResult<string, byte[]>()));

    /// <summary>A publisher whose producers, by their number, do as they are told.</summary>
    private KafkaEventPublisher Publisher(Func<int, Task<DeliveryResult<string, byte[]>>> produce, TimeSpan? limit = null)
    {
        var options = Options.Create(new BrokerOptions { BrokerList = "broker", PublishTimeout = limit ?? TimeSpan.FromSeconds(2) });
        return new KafkaEventPublisher(options, Create, TimeProvider.System, NullLogger<KafkaEventPublisher>.Instance);

        IProducer<string, byte[]> Create()
        {
            var number = _producers.Count;
            var producer = new Mock<IProducer<string, byte[]>>();
            producer.Setup(one => one.ProduceAsync(It.IsAny<string>(), It.IsAny<Message<string, byte[]>>(), It.IsAny<CancellationToken>()))
                .Returns(() => produce(number));
            _producers.Add(producer);
            return producer.Object;
        }
    }
}
