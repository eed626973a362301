using System.Collections.Concurrent;
using System.Text;
using Notify.Functions.Infrastructure.Queues;
using Notify.LocalHost.Runtime.Catalog;
using Notify.LocalHost.Runtime.Queues;

namespace Notify.LocalHost.InMemory;

/// <summary>Queues in memory, with the guarantees of <see cref="IQueues"/> and <see cref="IQueueSource"/>.</summary>
internal sealed class InMemoryQueues(TimeProvider clock) : IQueues, IQueueSource
{
    private static readonly TimeSpan MaxDelay = TimeSpan.FromDays(7);
    private readonly ConcurrentDictionary<string, InMemoryQueue> _queues = new(StringComparer.Ordinal);

    /// <summary>The names of the queues that have been used.</summary>
    public IReadOnlyCollection<string> Names => [.. _queues.Keys.Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public Task SendAsync(string queue, string message, TimeSpan delay, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentNullException.ThrowIfNull(message);
        var body = Encoding.UTF8.GetBytes(message);
        if (body.Length > IQueues.MaxMessageBytes)
        {
            throw new ArgumentException($"A message has at most {IQueues.MaxMessageBytes} bytes; this one has {body.Length}.",
                nameof(message));
        }
        if (delay < TimeSpan.Zero || delay > MaxDelay)
        {
            throw new ArgumentOutOfRangeException(nameof(delay), delay, "A message can wait between 0 and 7 days.");
        }
        Queue(queue).Add(body, clock.GetUtcNow(), delay);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<long> CountAsync(string queue, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(_queues.TryGetValue(queue, out var found) ? found.Count : 0L);
    }

    /// <inheritdoc/>
    public Task<DateTimeOffset?> OldestAsync(string queue, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(_queues.TryGetValue(queue, out var found) ? found.Oldest(clock.GetUtcNow()) : null);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RawMessage>> ReceiveRawAsync(
        string queue, int count, TimeSpan lease, CancellationToken cancellationToken) =>
        [.. (await ReceiveAsync(queue, count, lease, cancellationToken)).Select(one =>
            new RawMessage(queue, one.MessageId, one.Receipt, Convert.ToBase64String(one.Body!.Value.Span)))];

    /// <inheritdoc/>
    public Task DeleteRawAsync(RawMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        return DeleteAsync(new QueueLease(message.Queue, message.Id, message.Receipt, Body: null, DequeueCount: 0, InsertedAt: default),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<QueueLease>> ReceiveAsync(string queue, int maxMessages, TimeSpan lease, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfLessThan(maxMessages, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxMessages, 32);
        return Task.FromResult<IReadOnlyList<QueueLease>>(Queue(queue).Receive(queue, maxMessages, clock.GetUtcNow(), lease));
    }

    /// <inheritdoc/>
    public Task<QueueLease?> RenewAsync(QueueLease lease, TimeSpan duration, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentNullException.ThrowIfNull(lease);
        var receipt = Queue(lease.Queue).Update(lease, clock.GetUtcNow() + duration);
        return Task.FromResult(receipt is null ? null : lease with { Receipt = receipt });
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(QueueLease lease, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentNullException.ThrowIfNull(lease);
        return Task.FromResult(Queue(lease.Queue).Remove(lease) is not null);
    }

    /// <inheritdoc/>
    public Task<bool> ReleaseAsync(QueueLease lease, TimeSpan visibleAfter, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentNullException.ThrowIfNull(lease);
        return Task.FromResult(Queue(lease.Queue).Update(lease, clock.GetUtcNow() + visibleAfter) is not null);
    }

    /// <inheritdoc/>
    public Task<bool> MoveAsync(QueueLease lease, string targetQueue, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentNullException.ThrowIfNull(lease);
        var body = Queue(lease.Queue).Remove(lease);
        if (body is null)
        {
            return Task.FromResult(false);
        }
        Queue(targetQueue).Add(body, clock.GetUtcNow(), TimeSpan.Zero);
        return Task.FromResult(true);
    }

    private InMemoryQueue Queue(string name) => _queues.GetOrAdd(name, static n =>
    {
        QueueNames.Check(n);
        return new InMemoryQueue();
    });
}
