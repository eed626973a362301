namespace Notify.Bench.Prove;

/// <summary>Tells from one look after the other when a run has come to its end. Pure.</summary>
/// <param name="patience">For how many looks in a row nothing may change before it is given up; more than anything waits. Where something
/// is waiting, three times as many: a busy machine may stand still for that long.</param>
/// <param name="limit">After how long it is given up though things change.</param>
internal sealed class CompletionDetector(int patience, TimeSpan limit)
{
    // What is counted is roughly right, and not all at one moment.
    private const int Sure = 3;
    private const int MoreWhereSomethingWaits = 3;
    private string? _last;
    private bool _waits;
    private int _same;

    /// <summary>Whether it was given up with something left to do.</summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>What was waiting on topics and in queues when it was given up: that may not be lost, only late.</summary>
    public string StillWaiting { get; private set; } = "";

    /// <summary>
    /// Whether to read the ledger: reading it takes long, and takes the storage from those who have something left to do.
    /// </summary>
    /// <param name="waiting">What waits on topics and in queues; empty where nothing does.</param>
    /// <param name="elapsed">Since everything was mended.</param>
    public bool IsTimeToRead(string waiting, TimeSpan elapsed) => waiting.Length == 0 || IsHopeless(elapsed);

    /// <summary>Whether it is over, after a look.</summary>
    /// <param name="waiting">What waits on topics and in queues; empty where nothing does.</param>
    /// <param name="ledger">What the ledger says, where it was read.</param>
    /// <param name="isDone">Whether everything in it is final.</param>
    /// <param name="elapsed">Since everything was mended.</param>
    public bool IsOver(string waiting, string? ledger, bool isDone, TimeSpan elapsed)
    {
        var state = ledger ?? waiting;
        var isHopeless = IsHopeless(elapsed);
        _same = state == _last ? _same + 1 : 1;
        _last = state;
        _waits = waiting.Length > 0;
        IsGivenUp = isHopeless && !isDone;
        StillWaiting = IsGivenUp ? waiting : "";
        return isHopeless || (isDone && _same >= Sure);
    }

    private bool IsHopeless(TimeSpan elapsed) => _same >= (_waits ? MoreWhereSomethingWaits * patience : patience) || elapsed > limit;
}
