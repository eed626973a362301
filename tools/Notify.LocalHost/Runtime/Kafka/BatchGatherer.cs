namespace Notify.LocalHost.Runtime.Kafka;

/// <summary>
/// Gathers records into batches by the Kafka extension's rules. Windows of one length follow each other without a pause, whether or not
/// anything happens; what has been gathered goes out at a window's end, or at once when it is <c>maxBatchSize</c> records. Records that
/// come after a full batch of the same window wait for the end of the next one. So below the full size a record waits half a window on
/// average, a whole one at worst, and two in the last case.
/// </summary>
internal sealed class BatchGatherer(ITopicConsumer consumer, int maxBatchSize, TimeSpan window, TimeProvider clock)
{
    private readonly List<TopicRecord> _gathered = [];
    private DateTimeOffset _windowEnd = clock.GetUtcNow() + window;
    private bool _sentInWindow;

    /// <summary>
    /// Waits for the next batch. Once <paramref name="stopping"/> is cancelled, or the consumer closed, what has been gathered is the last
    /// one, and after that every batch is empty.
    /// </summary>
    public async Task<IReadOnlyList<TopicRecord>> NextAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            while (_gathered.Count < maxBatchSize && consumer.TryRead(out var record))
            {
                _gathered.Add(record);
            }
            if (_gathered.Count >= maxBatchSize)
            {
                _sentInWindow = true;
                return Take();
            }
            if (IsWindowOver() && _gathered.Count > 0)
            {
                return Take();
            }
            if (!await WaitAsync(stopping))
            {
                break;
            }
        }
        return Take();
    }

    /// <summary>Moves on to the window that the time is in; whether the one that ended sends out what has been gathered.</summary>
    private bool IsWindowOver()
    {
        var now = clock.GetUtcNow();
        if (now < _windowEnd)
        {
            return false;
        }
        var sends = !_sentInWindow || now >= _windowEnd + window;
        _sentInWindow = false;
        while (_windowEnd <= now)
        {
            _windowEnd += window;
        }
        return sends;
    }

    /// <summary>Waits for a record or the window's end; <see langword="false"/> where there is nothing to wait for any more.</summary>
    private async Task<bool> WaitAsync(CancellationToken stopping)
    {
        var left = _windowEnd - clock.GetUtcNow();
        using var end = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end.Token, stopping);
        try
        {
            return await consumer.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            return true;
        }
    }

    private List<TopicRecord> Take()
    {
        List<TopicRecord> batch = [.. _gathered];
        _gathered.Clear();
        return batch;
    }
}
