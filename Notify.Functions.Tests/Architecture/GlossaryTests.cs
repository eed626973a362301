using System.Text.RegularExpressions;

namespace Notify.Functions.Tests.Architecture;

/// <summary>The documents use the words of <c>docs/glossary.md</c>, and American spelling.</summary>
public sealed partial class GlossaryTests
{
    private const string Glossary = "docs/glossary.md";

    // The run that the service's proof prints; its generator uses the words of the code.
    private const string Report = "docs/proof-report.md";

    private static readonly string[] BritishSpellings =
    [
        "behaviour", "behaviours", "colour", "colours", "favour", "honour", "honours", "honoured", "neighbour", "recognise", "recognises",
        "recognised", "normalise", "normalises",
        "normalised", "organise", "organised", "authorise", "authorised", "serialise", "serialised", "initialise", "initialised",
        "summarise", "minimise", "optimise", "synchronise",
        "apologise", "catalogue", "grey", "centre", "licence", "defence", "judgement", "whilst", "analyse", "analyses", "analysed",
        "travelled", "labelled", "modelled", "signalled",
    ];

    /// <summary>Every document that a reader of the repository is meant to read.</summary>
    public static TheoryData<string> Documents =>
    [
        .. Directory.EnumerateFiles(RepositoryRoot.Path, "*.md")
            .Concat(Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "docs"), "*.md", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(RepositoryRoot.Path, file).Replace('\\', '/'))
            .Where(file => file is not (Glossary or Report))
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void A_document_uses_the_words_of_the_glossary(string document)
    {
        var prose = Code().Replace(RepositoryRoot.Read(document.Split('/')), " ");

        var hits = Banned().Concat(BritishSpellings)
            .Where(word => Regex.IsMatch(prose, $@"\b{Regex.Escape(word)}\b", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(5)));

        Assert.Empty(hits);
    }

    [Fact]
    public void The_glossary_has_each_term_once_in_order_and_a_meaning_for_it()
    {
        var rows = Rows().ToList();

        Assert.InRange(rows.Count, 30, 100);
        Assert.Equal(rows.Select(row => row.Term).Order(StringComparer.Ordinal).Distinct(), rows.Select(row => row.Term));
        Assert.All(rows, row => Assert.EndsWith(".", row.Meaning));
        Assert.NotEmpty(Banned());
    }

    private static IEnumerable<string> Banned() =>
        Rows().SelectMany(row => row.Not.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    private static IEnumerable<(string Term, string Meaning, string Not)> Rows() =>
        Row().Matches(RepositoryRoot.Read(Glossary.Split('/')))
            .Select(row => (row.Groups["term"].Value, row.Groups["meaning"].Value, row.Groups["not"].Value))
            .Where(row => row.Item1 is not ("term" or "---"));

    // Names and values, which may be older than the glossary; and where links lead.
    [GeneratedRegex(@"^ *```.*?^ *```|`[^`\n]*`|\]\([^)\n]*\)", RegexOptions.Singleline | RegexOptions.Multiline,
        matchTimeoutMilliseconds: 5000)]
    private static partial Regex Code();

    [GeneratedRegex(@"^\| (?<term>[^|]+) \| (?<meaning>[^|]+) \| (?<not>[^|]*)\|\r?$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Row();
}
