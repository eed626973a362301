namespace Notify.Functions.Infrastructure.Resilience;

/// <summary>
/// How long something may still be acted on that was claimed, or read. It is asked when that is done, not when it was taken: in between the
/// process may have been stopped, or its storage may have answered late.
/// </summary>
public sealed class Lease
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _length;
    private readonly DateTimeOffset _at;
    private readonly long _began;
    private readonly TimeSpan _least;

    /// <summary>Begins now.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="length">How long it lasts.</param>
    /// <param name="least">With less than this left nothing is worth beginning.</param>
    internal Lease(TimeProvider time, TimeSpan length, TimeSpan least = default)
    {
        (_time, _length, _least) = (time, length, least);
        (_at, _began) = (time.GetUtcNow(), time.GetTimestamp());
    }

    /// <summary>
    /// What is left of it, by the clock that has gone on further: one stands still while a machine sleeps, and the other may be set back.
    /// </summary>
    public TimeSpan Left
    {
        get
        {
            var (wall, monotonic) = (_time.GetUtcNow() - _at, _time.GetElapsedTime(_began));
            return _length - (wall > monotonic ? wall : monotonic);
        }
    }

    /// <summary>Whether enough is left to begin something.</summary>
    public bool IsWorthwhile => Left >= _least && !IsOver;

    /// <summary>Whether nothing may be done by it any more: somebody else may have taken over.</summary>
    public bool IsOver => Left <= TimeSpan.Zero;
}
