using Notify.Functions.Sending.DeadLetters;

namespace Notify.Functions.Recovery;

/// <summary>Shows dead letters: grouped by cause, or those of one.</summary>
public sealed class DeadLetterListing(DeadLetterBox box)
{
    private const int Samples = 3;

    /// <summary>How many letters are counted at most; more than that is more than anybody reads.</summary>
    public const int MostCounted = 50_000;

    /// <summary>The causes, the most frequent first, each with its count, times and some letters.</summary>
    public async Task<DeadLetterCauses> ByCauseAsync(CancellationToken cancellationToken)
    {
        var causes = new Dictionary<string, DeadLetterCause>(StringComparer.Ordinal);
        var counted = 0;
        await foreach (var letter in box.ReadAsync(after: null, cancellationToken))
        {
            if (counted++ == MostCounted)
            {
                break;
            }
            causes[letter.Cause] = causes.TryGetValue(letter.Cause, out var cause)
                ? cause with
                {
                    Count = cause.Count + 1,
                    FirstAt = letter.At < cause.FirstAt ? letter.At : cause.FirstAt,
                    LastAt = letter.At > cause.LastAt ? letter.At : cause.LastAt,
                    Samples = cause.Samples.Count < Samples ? [.. cause.Samples, DeadLetterView.From(letter)] : cause.Samples,
                }
                : new DeadLetterCause(letter.Cause, 1, letter.At, letter.At, [DeadLetterView.From(letter)]);
        }
        return new DeadLetterCauses([.. causes.Values.OrderByDescending(cause => cause.Count)
            .ThenBy(cause => cause.Cause, StringComparer.Ordinal)], counted > MostCounted);
    }

    /// <summary>The names of the causes, the most frequent first.</summary>
    public async Task<IReadOnlyList<string>> CausesAsync(CancellationToken cancellationToken) =>
        [.. (await ByCauseAsync(cancellationToken)).Items.Select(cause => cause.Cause)];

    /// <summary>One page of the letters of a cause; where it has none at all, the causes that there are.</summary>
    /// <param name="cause">The cause.</param>
    /// <param name="after">The letter behind which to begin; <see langword="null"/> for the first.</param>
    /// <param name="take">How many at most.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<DeadLetterPage> OfCauseAsync(string cause, string? after, int take, CancellationToken cancellationToken)
    {
        var letters = await box.OfCauseAsync(cause, after, take + 1, cancellationToken);
        return new DeadLetterPage(
            [.. letters.Take(take).Select(DeadLetterView.From)],
            letters.Count > take ? letters[take - 1].Id : null,
            letters.Count == 0 && after is null ? await CausesAsync(cancellationToken) : null);
    }
}

/// <summary>A dead letter as people see it: nothing of the content.</summary>
/// <param name="Id">Its id.</param>
/// <param name="At">When it was given up.</param>
/// <param name="Cause">Why.</param>
/// <param name="Detail">More of that, where there is more.</param>
/// <param name="Queue">The queue that it came from.</param>
/// <param name="Delivery">The delivery that was given up; absent for a message that nobody could handle.</param>
public sealed record DeadLetterView(string Id, DateTimeOffset At, string Cause, string? Detail, string Queue, string? Delivery)
{
    internal static DeadLetterView From(DeadLetter letter) =>
        new(letter.Id, letter.At, letter.Cause, letter.Detail, letter.Queue, letter.Delivery);
}

/// <summary>The letters of one cause.</summary>
/// <param name="Cause">The cause.</param>
/// <param name="Count">How many.</param>
/// <param name="FirstAt">The oldest.</param>
/// <param name="LastAt">The newest.</param>
/// <param name="Samples">Some of them.</param>
public sealed record DeadLetterCause(
    string Cause, int Count, DateTimeOffset FirstAt, DateTimeOffset LastAt, IReadOnlyList<DeadLetterView> Samples);

/// <summary>All causes.</summary>
/// <param name="Items">The most frequent first.</param>
/// <param name="More">Whether there are more letters than were counted.</param>
public sealed record DeadLetterCauses(IReadOnlyList<DeadLetterCause> Items, bool More);

/// <summary>One page of dead letters.</summary>
/// <param name="Items">The letters.</param>
/// <param name="Next">Where the next page begins; absent on the last.</param>
/// <param name="Causes">The causes that there are, where no letter has the one that was asked for; else absent.</param>
public sealed record DeadLetterPage(IReadOnlyList<DeadLetterView> Items, string? Next, IReadOnlyList<string>? Causes = null);
