namespace Notify.Functions.Storage;

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

    /// <summary>When the message was enqueued that is next to be received; <see langword="null"/> where none is visible, or the queue does not exist.</summary>
    Task<DateTimeOffset?> OldestAsync(string queue, CancellationToken cancellationToken);
}
