using System.Collections.Concurrent;
using System.Text;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Notify.Functions.Infrastructure.Storage;

namespace Notify.Functions.Infrastructure.Queues;

/// <summary>Queues of Azure Storage. Messages are base64, as the queue trigger expects them.</summary>
/// <remarks>
/// The client sends again where an answer is lost or the service is busy, so that a message may be there twice: readers have to be
/// idempotent anyhow, because the service delivers at least once.
/// </remarks>
internal sealed class AzureQueues(StorageConnection storage) : IQueues
{
    private static readonly TimeSpan MaxDelay = TimeSpan.FromDays(7);

    // What the service takes for "never".
    private static readonly TimeSpan NeverExpires = TimeSpan.FromSeconds(-1);

    private readonly QueueServiceClient _service = storage.Queues(Options());
    private readonly ConcurrentDictionary<string, QueueClient> _queues = new(StringComparer.Ordinal);
    private readonly QueueServiceClient _raw = storage.Queues(Options(QueueMessageEncoding.None));

    /// <inheritdoc/>
    public async Task SendAsync(string queue, string message, TimeSpan delay, CancellationToken cancellationToken)
    {
        Check(message, delay);
        var client = Queue(queue);
        try
        {
            await client.SendMessageAsync(message, Delay(delay), NeverExpires, cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            await client.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await client.SendMessageAsync(message, Delay(delay), NeverExpires, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<long> CountAsync(string queue, CancellationToken cancellationToken)
    {
        try
        {
            var properties = await Queue(queue).GetPropertiesAsync(cancellationToken);
            return properties.Value.ApproximateMessagesCount;
        }
        catch (RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            return 0;
        }
    }

    /// <inheritdoc/>
    public async Task<DateTimeOffset?> OldestAsync(string queue, CancellationToken cancellationToken)
    {
        try
        {
            var peeked = await Queue(queue).PeekMessagesAsync(maxMessages: 1, cancellationToken);
            return peeked.Value is [var next] ? next.InsertedOn : null;
        }
        catch (RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RawMessage>> ReceiveRawAsync(
        string queue, int count, TimeSpan lease, CancellationToken cancellationToken)
    {
        try
        {
            var received = await _raw.GetQueueClient(queue).ReceiveMessagesAsync(count, lease, cancellationToken);
            return [.. received.Value.Select(message =>
                new RawMessage(queue, message.MessageId, message.PopReceipt, message.MessageText ?? ""))];
        }
        catch (RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            return [];
        }
    }

    /// <inheritdoc/>
    public async Task DeleteRawAsync(RawMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        try
        {
            await Queue(message.Queue).DeleteMessageAsync(message.Id, message.Receipt, cancellationToken);
        }
        catch (RequestFailedException e) when (IsOutdated(e))
        {
            // It is gone, or in somebody else's hands.
        }
    }

    /// <summary>Whether a message is gone, or in somebody else's hands.</summary>
    public static bool IsOutdated(RequestFailedException e) =>
        e.ErrorCode == QueueErrorCode.MessageNotFound || e.ErrorCode == QueueErrorCode.PopReceiptMismatch
        || e.ErrorCode == QueueErrorCode.QueueNotFound;

    /// <summary>Settings of a client of the queue service.</summary>
    /// <param name="encoding">How it turns content into a message and back.</param>
    public static QueueClientOptions Options(QueueMessageEncoding encoding = QueueMessageEncoding.Base64)
    {
        var options = new QueueClientOptions { MessageEncoding = encoding };
        options.Retry.MaxRetries = 3;
        options.Retry.Delay = TimeSpan.FromMilliseconds(100);
        options.Retry.MaxDelay = TimeSpan.FromSeconds(2);
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(15);
        return options;
    }

    private static void Check(string message, TimeSpan delay)
    {
        ArgumentNullException.ThrowIfNull(message);
        var bytes = Encoding.UTF8.GetByteCount(message);
        if (bytes > IQueues.MaxMessageBytes)
        {
            throw new ArgumentException($"A message has at most {IQueues.MaxMessageBytes} bytes; this one has {bytes}.", nameof(message));
        }
        if (delay < TimeSpan.Zero || delay > MaxDelay)
        {
            throw new ArgumentOutOfRangeException(nameof(delay), delay, "A message can wait between 0 and 7 days.");
        }
    }

    // The service counts in whole seconds: rounded up, so that nothing comes early.
    private static TimeSpan Delay(TimeSpan delay) => TimeSpan.FromSeconds(Math.Ceiling(delay.TotalSeconds));

    private QueueClient Queue(string name) => _queues.GetOrAdd(name, _service.GetQueueClient);
}
