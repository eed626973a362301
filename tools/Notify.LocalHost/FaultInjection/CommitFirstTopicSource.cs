using System.Diagnostics.CodeAnalysis;
using Notify.LocalHost.Runtime.Kafka;

namespace Notify.LocalHost.FaultInjection;

/// <summary>Topics whose records are committed as soon as they are read.</summary>
internal sealed class CommitFirstTopicSource(ITopicSource inner) : ITopicSource
{
    /// <inheritdoc/>
    public ITopicConsumer Subscribe(string topic, string group) => new Consumer(inner.Subscribe(topic, group));

    private sealed class Consumer(ITopicConsumer inner) : ITopicConsumer
    {
        /// <inheritdoc/>
        public bool TryRead([NotNullWhen(true)] out TopicRecord? record)
        {
            if (!inner.TryRead(out record))
            {
                return false;
            }
            _ = inner.CommitAsync([record], CancellationToken.None);
            return true;
        }

        /// <inheritdoc/>
        public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken) => inner.WaitToReadAsync(cancellationToken);

        /// <inheritdoc/>
        public Task CommitAsync(IReadOnlyList<TopicRecord> records, CancellationToken cancellationToken) => Task.CompletedTask;

        /// <inheritdoc/>
        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
