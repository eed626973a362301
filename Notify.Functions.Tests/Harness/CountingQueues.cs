using Notify.Functions.Infrastructure.Queues;

namespace Notify.Functions.Tests.Harness;

/// <summary>Queues that count what is put on them.</summary>
internal sealed class CountingQueues(IQueues inner) : IQueues
{
    private int _delayed;
    private int _messages;
    private int _operations;

    /// <summary>How many messages.</summary>
    public int Messages => _messages;

    /// <summary>How many of them were put off.</summary>
    public int Delayed => _delayed;

    /// <summary>How many operations a queue service would have been asked for.</summary>
    public int Operations => _operations;

    public Task SendAsync(string queue, string message, TimeSpan delay, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _messages);
        if (delay > TimeSpan.Zero)
        {
            Interlocked.Increment(ref _delayed);
        }
        return Counted.SendAsync(queue, message, delay, cancellationToken);
    }

    public Task<long> CountAsync(string queue, CancellationToken cancellationToken) => Counted.CountAsync(queue, cancellationToken);

    public Task<DateTimeOffset?> OldestAsync(string queue, CancellationToken cancellationToken) =>
        Counted.OldestAsync(queue, cancellationToken);

    public Task<IReadOnlyList<RawMessage>> ReceiveRawAsync(string queue, int count, TimeSpan lease, CancellationToken cancellationToken) =>
        Counted.ReceiveRawAsync(queue, count, lease, cancellationToken);

    public Task DeleteRawAsync(RawMessage message, CancellationToken cancellationToken) =>
        Counted.DeleteRawAsync(message, cancellationToken);

    private IQueues Counted
    {
        get
        {
            Interlocked.Increment(ref _operations);
            return inner;
        }
    }
}
