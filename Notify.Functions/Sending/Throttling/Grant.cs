namespace Notify.Functions.Sending.Throttling;

/// <summary>Requests that a gate let go, at a moment: they are to be made then.</summary>
/// <param name="throttle">The gate.</param>
/// <param name="request">What was asked, for the one provider that takes them.</param>
/// <param name="time">The clock.</param>
public sealed class Grant(SharedThrottle throttle, ThrottleRequest request, TimeProvider time)
{
    // As long as the bucket is deep: a burst is no larger for it.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(500);

    private readonly DateTimeOffset _at = time.GetUtcNow();

    /// <summary>
    /// Makes sure, right before a request, that its moment has not passed: storage or an earlier request may have taken long, and requests
    /// that have been held up must not go out in a heap. Then it asks once more, as all others do.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns><see langword="null"/> where it may start now; else when to come again.</returns>
    public async Task<TimeSpan?> RenewAsync(CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() - _at <= Tolerance)
        {
            return null;
        }
        var again = request with
        {
            Mode = ThrottleMode.Enter,
            Ticket = Tickets.New(),
            Candidates = [request.Candidates[0] with { Requests = 1 }]
        };
        while (true)
        {
            var answer = await throttle.AdmitAsync(again, cancellationToken);
            if (answer.Granted > 0)
            {
                return null;
            }
            if (answer.Candidate is null || answer.Kept == 0)
            {
                return answer.Candidate is null ? answer.Reopens : answer.Later;
            }
            await Task.Delay(answer.Again, time, cancellationToken);
            again = again with { Mode = ThrottleMode.Wait, Since = answer.Since };
        }
    }
}

/// <summary>The names of those who wait.</summary>
internal static class Tickets
{
    /// <summary>A name that nobody else has.</summary>
    public static string New() => Guid.NewGuid().ToString("N");
}
