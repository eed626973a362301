namespace Notify.Functions.Health;

/// <summary>
/// A value that is measured once for all who ask within a while: while a measurement runs, the others wait for it instead of beginning
/// their own.
/// </summary>
/// <param name="age">How old a value may be.</param>
/// <param name="time">The clock.</param>
internal sealed class Snapshot<T>(TimeSpan age, TimeProvider time)
{
    private readonly Lock _lock = new();
    private Task<T>? _last;
    private long _begun;

    /// <summary>The last value, where it is young enough, or a new one. A measurement that fails is not kept.</summary>
    /// <param name="measure">Measures. It goes on where the caller who began it goes away: others wait for it too.</param>
    /// <param name="cancellationToken">Ends the caller's waiting.</param>
    public Task<T> GetAsync(Func<Task<T>> measure, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var isKept = _last is { IsCompleted: false } || (_last is { IsCompletedSuccessfully: true }
                && time.GetElapsedTime(_begun) < age);
            if (!isKept)
            {
                (_begun, _last) = (time.GetTimestamp(), measure());
            }
            return _last!.WaitAsync(cancellationToken);
        }
    }
}
