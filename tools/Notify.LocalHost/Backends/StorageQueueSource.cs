using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Infrastructure.Storage;
using Notify.LocalHost.Runtime.Catalog;
using Notify.LocalHost.Runtime.Queues;

namespace Notify.LocalHost.Backends;

/// <summary>Reads queues of Azure Storage.</summary>
/// <remarks>
/// Decodes messages itself: the client would fail a whole batch for one text that is no base64, which the trigger moves to the poison queue
/// as it is.
/// </remarks>
internal sealed class StorageQueueSource(StorageConnection storage) : IQueueSource
{
    // What the service takes for "never".
    private static readonly TimeSpan NeverExpires = TimeSpan.FromSeconds(-1);

    private readonly QueueServiceClient _service = storage.Queues(AzureQueues.Options(QueueMessageEncoding.None));
    private readonly ConcurrentDictionary<string, QueueClient> _queues = new(StringComparer.Ordinal);

    /// <summary>The stored text of messages that are no base64, as long as somebody has their lease.</summary>
    private readonly ConditionalWeakTable<QueueLease, string> _undecoded = [];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<QueueLease>> ReceiveAsync(
        string queue, int maxMessages, TimeSpan lease, CancellationToken cancellationToken)
    {
        try
        {
            var received = await Queue(queue).ReceiveMessagesAsync(maxMessages, lease, cancellationToken);
            return [.. received.Value.Select(message => LeaseOf(queue, message))];
        }
        catch (RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            await Queue(queue).CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            return [];
        }
    }

    /// <inheritdoc/>
    public async Task<QueueLease?> RenewAsync(QueueLease lease, TimeSpan duration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        var renewed = await UpdateAsync(lease, duration, cancellationToken);
        if (renewed is not null && _undecoded.TryGetValue(lease, out var text))
        {
            _undecoded.Add(renewed, text);
        }
        return renewed;
    }

    /// <inheritdoc/>
    public async Task<bool> ReleaseAsync(QueueLease lease, TimeSpan visibleAfter, CancellationToken cancellationToken) =>
        await UpdateAsync(lease, visibleAfter, cancellationToken) is not null;

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(QueueLease lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        try
        {
            await Queue(lease.Queue).DeleteMessageAsync(lease.MessageId, lease.Receipt, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (AzureQueues.IsOutdated(e))
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async Task<bool> MoveAsync(QueueLease lease, string targetQueue, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);

        // Whoever has lost the lease must not copy what somebody else is working on.
        var held = await RenewAsync(lease, TimeSpan.FromMinutes(1), cancellationToken);
        if (held is null)
        {
            return false;
        }
        var text = lease.Body is { } body ? Convert.ToBase64String(body.Span) : Undecoded(lease);
        var target = Queue(targetQueue);
        await target.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        await target.SendMessageAsync(text, visibilityTimeout: null, NeverExpires, cancellationToken);
        await DeleteAsync(held, cancellationToken);
        return true;
    }

    private async Task<QueueLease?> UpdateAsync(QueueLease lease, TimeSpan invisible, CancellationToken cancellationToken)
    {
        try
        {
            // Without a text the stored one stays.
            var updated = await Queue(lease.Queue).UpdateMessageAsync(
                lease.MessageId, lease.Receipt, messageText: null, TimeSpan.FromSeconds(Math.Ceiling(invisible.TotalSeconds)),
                cancellationToken);
            return lease with { Receipt = updated.Value.PopReceipt };
        }
        catch (RequestFailedException e) when (AzureQueues.IsOutdated(e))
        {
            return null;
        }
    }

    private string Undecoded(QueueLease lease) => _undecoded.TryGetValue(lease, out var text)
        ? text
        : throw new ArgumentException("The lease is not of this source.", nameof(lease));

    private QueueLease LeaseOf(string queue, QueueMessage message)
    {
        var decoded = TryDecode(message.MessageText);
        var lease = new QueueLease(queue, message.MessageId, message.PopReceipt, decoded, message.DequeueCount, message.InsertedOn
            ?? default);
        if (decoded is null)
        {
            _undecoded.Add(lease, message.MessageText);
        }
        return lease;
    }

    private static ReadOnlyMemory<byte>? TryDecode(string? text)
    {
        var bytes = new byte[((text?.Length ?? 0) * 3 / 4) + 3];
        return Convert.TryFromBase64String(text ?? "", bytes, out var length) ? (ReadOnlyMemory<byte>?)bytes.AsMemory(0, length) : null;
    }

    private QueueClient Queue(string name) => _queues.GetOrAdd(name, static (n, service) =>
    {
        QueueNames.Check(n);
        return service.GetQueueClient(n);
    }, _service);
}
