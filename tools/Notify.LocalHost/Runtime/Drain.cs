namespace Notify.LocalHost.Runtime;

/// <summary>
/// The two steps of a shutdown. First nothing new is taken and what is in hand is finished; then, when the time for that is over, it is
/// given up, and comes again from where it came.
/// </summary>
internal sealed class Drain : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abandoned = new();

    /// <summary>Cancelled when nothing new may be taken any more.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Cancelled when what is in hand has to be given up. Functions get this one.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    /// <summary>
    /// Starts the first step, waits for <paramref name="work"/> and gives it up when <paramref name="limit"/> is cancelled.
    /// </summary>
    public async Task RunAsync(Task work, CancellationToken limit)
    {
        await _stopping.CancelAsync();
        try
        {
            await work.WaitAsync(limit);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            await _abandoned.CancelAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Dispose();
        _abandoned.Dispose();
    }
}
