using System.Threading.Channels;
using Notify.Functions.Tests.Harness;
using Notify.LocalHost.Runtime.Queues;

namespace Notify.Functions.Tests.LocalHost.Runtime;

/// <summary>A queue source that tells a test what has been done to messages, when it has been done.</summary>
internal sealed class WatchedQueueSource(IQueueSource inner) : IQueueSource
{
    private readonly Channel<string> _done = Channel.CreateUnbounded<string>();

    /// <summary>The next thing done: <c>delete</c>, <c>release</c> or <c>move</c>.</summary>
    public async Task<string> NextAsync() => await _done.Reader.ReadAsync().AsTask().WaitAsync(Patience.Limit);

    public Task<IReadOnlyList<QueueLease>> ReceiveAsync(
        string queue, int maxMessages, TimeSpan lease, CancellationToken cancellationToken) =>
        inner.ReceiveAsync(queue, maxMessages, lease, cancellationToken);

    public Task<QueueLease?> RenewAsync(QueueLease lease, TimeSpan duration, CancellationToken cancellationToken) =>
        inner.RenewAsync(lease, duration, cancellationToken);

    public Task<bool> DeleteAsync(QueueLease lease, CancellationToken cancellationToken) =>
        TellAsync("delete", inner.DeleteAsync(lease, cancellationToken));

    public Task<bool> ReleaseAsync(QueueLease lease, TimeSpan visibleAfter, CancellationToken cancellationToken) =>
        TellAsync("release", inner.ReleaseAsync(lease, visibleAfter, cancellationToken));

    public Task<bool> MoveAsync(QueueLease lease, string targetQueue, CancellationToken cancellationToken) =>
        TellAsync("move", inner.MoveAsync(lease, targetQueue, cancellationToken));

    private async Task<bool> TellAsync(string what, Task<bool> doing)
    {
        var result = await doing;
        _done.Writer.TryWrite(what);
        return result;
    }
}
