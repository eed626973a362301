using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Sending.DeadLetters;

namespace Notify.Functions.Recovery;

/// <summary>
/// Sends dead letters again: first the message, then the letter is taken out. Who dies in between leaves a letter that can be sent again
/// twice, which the send path recognises by the attempt, and the ranges of topics by their progress.
/// </summary>
public sealed partial class DeadLetterRedrive(
    DeadLetterBox box, DeadLetterListing listing, IQueues queues, IOptions<DeadLettersOptions> options, ILogger<DeadLetterRedrive> logger)
{
    /// <summary>How many letters one request sends again at most.</summary>
    public const int MostAtOnce = 1000;

    /// <summary>Sends the named letters again; ids that are not there are left out.</summary>
    public async Task<RedriveResult> RedriveAsync(IReadOnlyCollection<string> ids, bool preview, CancellationToken cancellationToken)
    {
        var letters = new List<DeadLetter>(ids.Count);
        foreach (var id in ids.Distinct(StringComparer.Ordinal))
        {
            if (await box.FindAsync(id, cancellationToken) is { } letter)
            {
                letters.Add(letter);
            }
        }
        return await RedriveAsync(letters, more: false, preview, cancellationToken);
    }

    /// <summary>
    /// Sends the letters of one cause again, at most <see cref="MostAtOnce"/> at a time. Where no letter has the cause, the result lists
    /// the causes that there are.
    /// </summary>
    public async Task<RedriveResult> RedriveAsync(string cause, bool preview, CancellationToken cancellationToken)
    {
        var letters = await box.OfCauseAsync(cause, after: null, MostAtOnce + 1, cancellationToken);
        var result = await RedriveAsync([.. letters.Take(MostAtOnce)], letters.Count > MostAtOnce, preview, cancellationToken);
        return letters.Count > 0 ? result : result with { Causes = await listing.CausesAsync(cancellationToken) };
    }

    private async Task<RedriveResult> RedriveAsync(
        IReadOnlyList<DeadLetter> letters, bool more, bool preview, CancellationToken cancellationToken)
    {
        var refused = letters.Where(letter => !letter.FitsAMessage).ToList();
        letters = [.. letters.Except(refused)];
        var result = new RedriveResult(preview, letters.Count, more, [.. letters.Select(letter => letter.Id)],
            [.. refused.Select(letter => letter.Id)]);
        if (preview)
        {
            return result;
        }
        var second = 0;
        foreach (var some in letters.Chunk(options.Value.RedrivePerSecond))
        {
            var delay = TimeSpan.FromSeconds(second++);
            await Task.WhenAll(some.Select(letter => queues.SendAsync(letter.Queue, letter.Message, delay, cancellationToken)));
            await box.RemoveAsync(some, cancellationToken);
        }
        Redriven(letters.Count);
        return result;
    }

    [LoggerMessage(EventId = 2421, Level = LogLevel.Information, Message = "{count} dead letters sent again")]
    private partial void Redriven(int count);
}

/// <summary>What was sent again, or would be.</summary>
/// <param name="Preview">Whether nothing was done.</param>
/// <param name="Count">How many letters.</param>
/// <param name="More">Whether there are more of the cause: ask again.</param>
/// <param name="Ids">The letters.</param>
/// <param name="TooLarge">Letters that stay: a foreign client's message, larger than the service can write one.</param>
/// <param name="Causes">The causes that there are, where no letter has the one that was asked for; else absent.</param>
public sealed record RedriveResult(
    bool Preview, int Count, bool More, IReadOnlyList<string> Ids, IReadOnlyList<string> TooLarge, IReadOnlyList<string>? Causes = null);
