using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Notify.Functions.Infrastructure.Kafka;

/// <summary>
/// Publishes by one idempotent producer for the whole process, with the acknowledgement of every in-sync replica. Connects on the first
/// record, so that the app starts without a broker.
/// </summary>
/// <remarks>Not the trigger extension's output binding: that one is fire and forget, and a 202 built on it promises nothing.</remarks>
internal sealed class KafkaEventPublisher(
    IOptions<BrokerOptions> options, Func<IProducer<string, byte[]>> create, TimeProvider time, ILogger<KafkaEventPublisher> logger)
        : IEventPublisher, IDisposable
{
    // librdkafka looks for overdue records once a second in the worst case; after this even a client that hangs does not hold the caller.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly BrokerOptions _options = options.Value;
    private readonly Lock _gate = new();
    private IProducer<string, byte[]>? _producer;
    private bool _disposed;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The record is larger than the broker takes; trying again will not help.</exception>
    public async Task<EventPosition> PublishAsync(OutgoingRecord record, CancellationToken cancellationToken)
    {
        var producer = Producer();
        try
        {
            var stored = await producer.ProduceAsync(record.Topic, MessageOf(record), cancellationToken)
                .WaitAsync(_options.PublishTimeout + Grace, time, cancellationToken);
            return new EventPosition(stored.Topic, stored.Partition.Value, stored.Offset.Value);
        }
        catch (KafkaException e) when (e.Error.Code == ErrorCode.MsgSizeTooLarge)
        {
            throw new ArgumentException($"The record is larger than {record.Topic} takes.", nameof(record), e);
        }
        catch (KafkaException e)
        {
            if (e.Error.IsFatal)
            {
                Retire(producer);
            }
            throw new EventNotAcknowledgedException($"The broker did not acknowledge a record for {record.Topic}: {e.Error.Code}.", e);
        }
        catch (Exception e) when (e is TimeoutException or ObjectDisposedException)
        {
            throw new EventNotAcknowledgedException($"The broker did not acknowledge a record for {record.Topic} in time.", e);
        }
    }

    /// <summary>Waits for records on their way, at most the time limit, and disconnects.</summary>
    public void Dispose()
    {
        IProducer<string, byte[]>? producer;
        lock (_gate)
        {
            _disposed = true;
            (producer, _producer) = (_producer, null);
        }
        if (producer is not null)
        {
            Close(producer);
        }
    }

    private static Message<string, byte[]> MessageOf(OutgoingRecord record)
    {
        var headers = new Headers();
        foreach (var (name, value) in record.Headers)
        {
            headers.Add(name, Encoding.UTF8.GetBytes(value));
        }
        return new Message<string, byte[]> { Key = record.Key, Value = record.Value.ToArray(), Headers = headers };
    }

    private IProducer<string, byte[]> Producer()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _producer ??= create();
        }
    }

    /// <summary>A producer that has met a fatal error takes nothing more; the next record makes a new one.</summary>
    private void Retire(IProducer<string, byte[]> producer)
    {
        lock (_gate)
        {
            if (_producer != producer)
            {
                return;
            }
            _producer = null;
        }
        _ = Task.Run(() => Close(producer));
    }

    private void Close(IProducer<string, byte[]> producer)
    {
        try
        {
            producer.Flush(_options.PublishTimeout);
        }
        catch (KafkaException e)
        {
            KafkaLog.Write(logger, e.Error);
        }
        producer.Dispose();
    }
}
