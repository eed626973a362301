namespace Notify.Sandbox.Reports;

/// <summary>Things that are to be done at a time; those of the same time in the order in which they were added.</summary>
internal sealed class DueQueue<T>(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<T, (DateTimeOffset Due, long Order)> _items = new();
    private TaskCompletionSource _sooner = NewSignal();
    private long _order;
    private bool _hurried;

    /// <summary>Adds one.</summary>
    public void Add(T item, DateTimeOffset due)
    {
        lock (_lock)
        {
            var isFirst = !_items.TryPeek(out _, out var first) || due < first.Due;
            _items.Enqueue(item, (due, _order++));
            if (isFirst)
            {
                Signal();
            }
        }
    }

    /// <summary>From now on everything is due, whatever its time.</summary>
    public void Hurry()
    {
        lock (_lock)
        {
            _hurried = true;
            Signal();
        }
    }

    /// <summary>Waits until something is due and takes all that is.</summary>
    public async Task<IReadOnlyList<T>> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task sooner;
            TimeSpan wait;
            lock (_lock)
            {
                var due = TakeDue(clock.GetUtcNow());
                if (due.Count > 0)
                {
                    return due;
                }
                sooner = _sooner.Task;
                wait = _items.TryPeek(out _, out var first) ? first.Due - clock.GetUtcNow() : Timeout.InfiniteTimeSpan;
            }
            await WaitAsync(sooner, wait, cancellationToken);
        }
    }

    private List<T> TakeDue(DateTimeOffset now)
    {
        var due = new List<T>();
        while (_items.TryPeek(out var item, out var at) && (_hurried || at.Due <= now))
        {
            _items.Dequeue();
            due.Add(item);
        }
        return due;
    }

    private async Task WaitAsync(Task sooner, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (wait != Timeout.InfiniteTimeSpan && wait <= TimeSpan.Zero)
        {
            return;
        }
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(sooner, Task.Delay(wait, clock, over.Token));
        await over.CancelAsync();
    }

    private void Signal()
    {
        _sooner.TrySetResult();
        _sooner = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
