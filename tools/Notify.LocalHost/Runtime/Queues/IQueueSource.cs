namespace Notify.LocalHost.Runtime.Queues;

/// <summary>Where queue-triggered functions get their messages from: Azure Storage queues, or the embedded ones.</summary>
/// <remarks>
/// A received message is invisible to others for the length of its lease, and comes again, with its dequeue count raised, when the lease
/// ends before the message is deleted. Whoever holds an outdated receipt can do nothing to the message: such a call returns
/// <see langword="false"/> or <see langword="null"/>. Queues come into being on first use. What is thrown is a fault of the infrastructure
/// and may be tried again.
/// </remarks>
public interface IQueueSource
{
    /// <summary>
    /// Takes up to <paramref name="maxMessages"/> (1–32) visible messages, roughly the oldest first; an empty list where there is none.
    /// </summary>
    Task<IReadOnlyList<QueueLease>> ReceiveAsync(string queue, int maxMessages, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>
    /// Starts the lease anew, for <paramref name="duration"/> from now. The result takes the place of <paramref name="lease"/>.
    /// </summary>
    Task<QueueLease?> RenewAsync(QueueLease lease, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Removes the message: its work is done.</summary>
    Task<bool> DeleteAsync(QueueLease lease, CancellationToken cancellationToken);

    /// <summary>Gives the message back: it is visible again after <paramref name="visibleAfter"/>.</summary>
    Task<bool> ReleaseAsync(QueueLease lease, TimeSpan visibleAfter, CancellationToken cancellationToken);

    /// <summary>
    /// Puts the message, exactly as it is stored, on another queue where it never expires, then deletes it. A process that dies between the
    /// two leaves it on both.
    /// </summary>
    Task<bool> MoveAsync(QueueLease lease, string targetQueue, CancellationToken cancellationToken);
}

/// <summary>A message that is being worked on.</summary>
/// <param name="Queue">The queue it came from.</param>
/// <param name="MessageId">The message's id within its queue.</param>
/// <param name="Receipt">Proof of this lease; every renewal gives another.</param>
/// <param name="Body">The content after base64; <see langword="null"/> where the stored text is no base64.</param>
/// <param name="DequeueCount">How often it has been received, this time included.</param>
/// <param name="InsertedAt">When it was sent.</param>
public sealed record QueueLease(
    string Queue,
    string MessageId,
    string Receipt,
    ReadOnlyMemory<byte>? Body,
    long DequeueCount,
    DateTimeOffset InsertedAt);
