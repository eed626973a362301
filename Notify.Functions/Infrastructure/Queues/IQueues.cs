namespace Notify.Functions.Infrastructure.Queues;

/// <summary>Work for the channel functions: Azure Storage queues, written to by the app and read by its queue triggers.</summary>
public interface IQueues
{
    /// <summary>The largest message in UTF-8 bytes: 64 KiB of base64.</summary>
    const int MaxMessageBytes = 48 * 1024;

    /// <summary>
    /// Enqueues a message that never expires; it is durable when the task completes. It becomes visible after
    /// <paramref name="delay"/> (at most seven days, the service's limit).
    /// </summary>
    /// <exception cref="ArgumentException">The message is larger than <see cref="MaxMessageBytes"/>, or the delay out of range.</exception>
    Task SendAsync(string queue, string message, TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>Roughly how many messages a queue holds, invisible ones included; 0 where the queue does not exist.</summary>
    Task<long> CountAsync(string queue, CancellationToken cancellationToken);

    /// <summary>
    /// When the message was enqueued that is next to be received; <see langword="null"/> where none is visible, or the queue does not
    /// exist.
    /// </summary>
    Task<DateTimeOffset?> OldestAsync(string queue, CancellationToken cancellationToken);

    /// <summary>
    /// Takes up to <paramref name="count"/> (1–32) visible messages as they are stored, in base64 or whatever a foreign client wrote, and
    /// hides them for
    /// <paramref name="lease"/>; an empty list where there is none, or the queue does not exist.
    /// </summary>
    Task<IReadOnlyList<RawMessage>> ReceiveRawAsync(string queue, int count, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Removes a message. Does nothing where its lease is over and somebody else has it.</summary>
    Task DeleteRawAsync(RawMessage message, CancellationToken cancellationToken);
}

/// <summary>A message as a queue stores it.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Id">The message's id within its queue.</param>
/// <param name="Receipt">Proof of the lease.</param>
/// <param name="Text">The stored text.</param>
public sealed record RawMessage(string Queue, string Id, string Receipt, string Text);
