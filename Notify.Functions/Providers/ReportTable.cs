using System.Collections.Frozen;
using Notify.Functions.Reports;

namespace Notify.Functions.Providers;

/// <summary>The words in which a provider reports. What is not among them is not understood, and changes nothing.</summary>
/// <remarks>The tables stand in <c>docs/providers.md</c> too; a test holds the two against each other and tries each row.</remarks>
/// <param name="rows">The words.</param>
internal sealed class ReportTable(params IReadOnlyList<ReportWord> rows)
{
    private readonly FrozenDictionary<string, ReportWord> _rows =
        rows.ToFrozenDictionary(row => row.Word, StringComparer.OrdinalIgnoreCase);

    /// <summary>What every table ends with: neither a fact nor a consequence.</summary>
    public static ReportWord NotUnderstood { get; } = new("anything else", [], ReportEffect.None, "Not understood: counted as ignored.");

    /// <summary>The provider's own words.</summary>
    public IReadOnlyList<ReportWord> Own { get; } = rows;

    /// <summary>What a word means; the narrower row counts where there is one.</summary>
    /// <param name="word">The word.</param>
    /// <param name="kind">What narrows it down, such as a code.</param>
    public ReportWord Find(string? word, string? kind = null) => word is null || word.Contains('(', StringComparison.Ordinal)
        ? NotUnderstood
        : _rows.GetValueOrDefault($"{word} ({kind})") ?? _rows.GetValueOrDefault(word) ?? NotUnderstood;
}

/// <summary>A row of a provider's table of report words.</summary>
/// <param name="Word">The word as the provider writes it, with what narrows it down in brackets.</param>
/// <param name="Facts">What it says of the message; none where it says nothing new.</param>
/// <param name="Effect">What follows for later messages.</param>
/// <param name="Meaning">What the provider means by it.</param>
internal sealed record ReportWord(string Word, IReadOnlyList<ReportedFact> Facts, ReportEffect Effect, string Meaning);
