namespace Notify.Functions.Sending.Throttling;

/// <summary>When each request of a chunk may start.</summary>
/// <param name="first">The first one's turn.</param>
/// <param name="interval">Between two turns.</param>
/// <param name="another">Asks for one more turn.</param>
/// <param name="time">The clock.</param>
public sealed class Pace(DateTimeOffset first, TimeSpan interval, Func<CancellationToken, Task<GateAnswer>> another, TimeProvider time)
{
    // With the depth of the bucket it makes half a second; the burst that a provider is said to see is a whole one, for requests are on their way for a while.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(250);

    /// <summary>Waits for the turn of a request.</summary>
    /// <param name="index">Which of the chunk's requests, from 0.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task WaitAsync(int index, CancellationToken cancellationToken) => UntilAsync(first + (index * interval), cancellationToken);

    /// <summary>
    /// Makes sure, right before the request, that its turn has not passed: storage or an earlier request may have taken long, and requests that have been held up must not
    /// go out in a heap. Then another turn is taken.
    /// </summary>
    /// <param name="index">Which of the chunk's requests, from 0.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns><see langword="null"/> where it may start now; else how long there is no turn for it.</returns>
    public async Task<TimeSpan?> RenewAsync(int index, CancellationToken cancellationToken)
    {
        if (interval == TimeSpan.Zero || time.GetUtcNow() - (first + (index * interval)) <= Tolerance)
        {
            return null;
        }
        var answer = await another(cancellationToken);
        if (answer.Granted == 0)
        {
            return answer.Candidate is null ? answer.Reopens : answer.Later;
        }
        await UntilAsync(time.GetUtcNow() + answer.Wait, cancellationToken);
        return null;
    }

    private Task UntilAsync(DateTimeOffset turn, CancellationToken cancellationToken)
    {
        var wait = turn - time.GetUtcNow();
        return wait > TimeSpan.Zero ? Task.Delay(wait, time, cancellationToken) : Task.CompletedTask;
    }
}
