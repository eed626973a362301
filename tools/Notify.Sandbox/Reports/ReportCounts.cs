namespace Notify.Sandbox.Reports;

/// <summary>What has become of the reports. All but <see cref="Calls"/> count reports, of which a call may carry many.</summary>
internal sealed class ReportCounts
{
    private long _pending;
    private long _sent;
    private long _acknowledged;
    private long _retried;
    private long _givenUp;
    private long _dropped;
    private long _calls;

    /// <summary>Still to be made, or on their way.</summary>
    public long Pending => Interlocked.Read(ref _pending);

    /// <summary>Made at least once, whatever the answer.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Answered with a 2xx.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Made again after a failure, every time.</summary>
    public long Retried => Interlocked.Read(ref _retried);

    /// <summary>Never answered with a 2xx, for as long as it was tried.</summary>
    public long GivenUp => Interlocked.Read(ref _givenUp);

    /// <summary>Not even tried: too many were waiting.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>HTTP requests.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    public void Planned(int reports) => Interlocked.Add(ref _pending, reports);

    public void Drop(int reports) => Interlocked.Add(ref _dropped, reports);

    public void Called(int reports, bool again)
    {
        Interlocked.Increment(ref _calls);
        Interlocked.Add(ref again ? ref _retried : ref _sent, reports);
    }

    public void Acknowledge(int reports)
    {
        Interlocked.Add(ref _acknowledged, reports);
        Interlocked.Add(ref _pending, -reports);
    }

    public void GiveUp(int reports)
    {
        Interlocked.Add(ref _givenUp, reports);
        Interlocked.Add(ref _pending, -reports);
    }

    /// <summary>Starts again from nothing, but for what is pending.</summary>
    public void Clear()
    {
        Interlocked.Exchange(ref _sent, 0);
        Interlocked.Exchange(ref _acknowledged, 0);
        Interlocked.Exchange(ref _retried, 0);
        Interlocked.Exchange(ref _givenUp, 0);
        Interlocked.Exchange(ref _dropped, 0);
        Interlocked.Exchange(ref _calls, 0);
    }
}
