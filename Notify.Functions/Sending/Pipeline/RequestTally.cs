namespace Notify.Functions.Sending.Pipeline;

/// <summary>What became of a chunk's requests, as far as it says something of the provider.</summary>
/// <param name="Succeeded">Those that it has answered, be it with a refusal.</param>
/// <param name="Failed">Those that it has not answered, or with its own failure.</param>
/// <param name="Limited">Whether it has said that there were too many.</param>
/// <param name="Pause">How long it then asks us to wait.</param>
public sealed record RequestTally(int Succeeded, int Failed, bool Limited, TimeSpan Pause)
{
    /// <summary>Those that it has refused for the account's sake.</summary>
    public int Refused { get; init; }

    /// <summary>Why it refuses the account.</summary>
    public string? Why { get; init; }

    /// <summary>The requests that were made.</summary>
    public int Asked => Succeeded + Failed + Refused;

    internal static RequestTally From(IReadOnlyList<SentRequest> requests)
    {
        var asked = requests.Where(request => request.WasAsked).ToList();
        var failed = asked.Count(request => request.Results.All(result => result is SendResult.Unavailable or SendResult.Unknown));
        var limited = asked.SelectMany(request => request.Results.OfType<SendResult.RateLimited>()).ToList();
        var refused = asked.Select(request => request.Results.OfType<SendResult.AccountRefused>().FirstOrDefault())
            .OfType<SendResult.AccountRefused>().ToList();
        return new RequestTally(asked.Count - failed - refused.Count, failed, limited.Count > 0, limited.Max(result => result.RetryAfter)
            ?? TimeSpan.Zero)
        {
            Refused = refused.Count,
            Why = refused.FirstOrDefault()?.Reason,
        };
    }
}
