using System.Globalization;
using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Preferences;

namespace Notify.Functions.Recipients.Profiles;

/// <summary>
/// Keeps recipients' choices in their rows, and every change of them as a row of its own under <c>!a|{recipientHash}|{time,
/// inverted}|…</c>, in the same transaction: there is no change without its trail.
/// </summary>
public sealed class PreferenceStore(RecipientRows rows, TimeProvider time)
{
    private const string TrailPrefix = "!a|";

    /// <summary>What the recipient under a hash has chosen.</summary>
    public async Task<PreferenceSet> GetAsync(string hash, CancellationToken cancellationToken) =>
        await rows.GetAsync(hash, cancellationToken) is { } row ? StoredRecipient.From(row).Preferences : PreferenceSet.None;

    /// <summary>The choices of the recipient under a hash, with the locale, if it is known.</summary>
    public async Task<(PreferenceSet Choices, string? Locale)> ReadAsync(string hash, CancellationToken cancellationToken) =>
        await rows.GetAsync(hash, cancellationToken) is { } row && StoredRecipient.From(row) is var stored
            ? (stored.Preferences, stored.Profile?.Locale) : (PreferenceSet.None, null);

    /// <summary>
    /// Changes choices as they stand now, and returns them as they then stand. The change may be asked for again where somebody else was
    /// faster. Where it changes nothing, nothing is written. Safe to repeat.
    /// </summary>
    public async Task<PreferenceSet> ChangeAsync(
        string hash, string by, ChoiceVia via, Func<PreferenceSet, PreferenceSet> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var row = await rows.GetAsync(hash, cancellationToken);
            var before = row is null ? PreferenceSet.None : StoredRecipient.From(row).Preferences;
            var after = change(before);
            var differences = PreferenceDifference.Between(before, after);
            if (differences.Count == 0)
            {
                return before;
            }
            var columns = RecipientRows.KeyOf(hash);
            columns[StoredRecipient.PreferencesColumn] = after.Write();
            var write = row is null ? TableWrite.Insert(columns) : TableWrite.Merge(columns, row.ETag);
            var outcome = await rows.ChangeAsync(write, cancellationToken, TableWrite.Insert(Trail(hash, by, via, differences)));
            if (outcome.IsDone)
            {
                return after;
            }
        }
    }

    /// <summary>Streams the changes of a recipient's choices, the newest first, behind <paramref name="after"/>.</summary>
    public IAsyncEnumerable<PreferenceChange> TrailAsync(string hash, string? after, CancellationToken cancellationToken)
    {
        var prefix = TrailOf(hash);
        return rows.OwnRowsAsync(hash, after is null ? prefix : prefix + after + "!", prefix + "~", cancellationToken)
            .Select(row => new PreferenceChange(
            row.Key[prefix.Length..],
            row.Time("at")!.Value,
            row.Text("by")!,
            (ChoiceVia)(int)row.Number("via")!,
            JsonSerializer.Deserialize<IReadOnlyList<PreferenceDifference>>(row.Text("changes")!, NotifyJson.Options)!));
    }

    /// <summary>With which the keys of a recipient's trail begin.</summary>
    internal static string TrailOf(string hash) => $"{TrailPrefix}{hash}|";

    private TableRow Trail(string hash, string by, ChoiceVia via, IReadOnlyList<PreferenceDifference> differences)
    {
        var now = time.GetUtcNow();
        // Newest first; two of one moment in any order.
        var inverted = (DateTimeOffset.MaxValue.UtcTicks - now.UtcTicks).ToString("d19", CultureInfo.InvariantCulture);
        return new TableRow(KeyedHashes.PartitionOf(hash),
            $"{TrailPrefix}{hash}|{inverted}{Guid.NewGuid():N}"[..(TrailPrefix.Length + hash.Length + 1 + 19 + 8)])
        {
            ["at"] = now,
            ["by"] = by,
            ["via"] = (int)via,
            ["changes"] = JsonSerializer.Serialize(differences, NotifyJson.Options),
        };
    }
}

/// <summary>One change of a recipient's choices.</summary>
/// <param name="Id">Its place in the trail, from which the next page begins.</param>
/// <param name="At">When.</param>
/// <param name="By">Who: an id from the caller, or <c>recipient</c>.</param>
/// <param name="Via">The way it was made.</param>
/// <param name="Changes">What is different since.</param>
public sealed record PreferenceChange(string Id, DateTimeOffset At, string By, ChoiceVia Via, IReadOnlyList<PreferenceDifference> Changes);

/// <summary>What is different in one choice.</summary>
/// <param name="What">The choice, by <see cref="PreferenceKeys"/>, or <c>quietHours</c>.</param>
/// <param name="From">Whether it was wanted, or the windows; <see langword="null"/> where nothing was chosen.</param>
/// <param name="To">Whether it is wanted, or the windows; <see langword="null"/> where nothing is chosen any more.</param>
public sealed record PreferenceDifference(string What, string? From, string? To)
{
    /// <summary>What is different, in the order of the names.</summary>
    public static IReadOnlyList<PreferenceDifference> Between(PreferenceSet before, PreferenceSet after) =>
        [.. before.Choices.Keys.Union(after.Choices.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(key => new PreferenceDifference(key, Word(before.ChoiceFor(key)), Word(after.ChoiceFor(key))))
            .Append(new PreferenceDifference("quietHours", Word(before.QuietHours), Word(after.QuietHours)))
            .Where(one => one.From != one.To)];

    private static string? Word(Choice? choice) => choice is null ? null : choice.Wanted ? "wanted" : "refused";

    private static string? Word(IReadOnlyList<QuietHours.QuietWindow> windows) => windows.Count == 0 ? null : string.Join("; ", windows);
}
