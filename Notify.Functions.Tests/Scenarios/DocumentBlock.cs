using System.Text.RegularExpressions;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>A block of shell commands in a document.</summary>
/// <param name="Document">The document, from the root of the repository.</param>
/// <param name="Needs">What else it needs: <c>azure</c>, <c>docker</c>, or <c>long</c> where it takes minutes; empty for nothing.</param>
/// <param name="Commands">The commands, as they are written.</param>
internal sealed partial record DocumentBlock(string Document, string Needs, string Commands)
{
    /// <summary>Every document that has commands for its reader.</summary>
    public static IReadOnlyList<string> Documents { get; } =
        [.. new[] { "README.md", "CONTRIBUTING.md", "samples/README.md", "eng/standins/README.md" }.Concat(
            Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "docs"), "*.md", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(RepositoryRoot.Path, file).Replace('\\', '/')))
            .Order(StringComparer.Ordinal)];

    /// <summary>Whether it starts a host or a sandbox, which needs the port that one of a block before has.</summary>
    public bool RunsHosts => Runs().IsMatch(Commands);

    /// <summary>How many hosts or sandboxes it starts that go on until they are stopped.</summary>
    public int Servers => Runs().Count(Commands) - Ends().Count(Commands);

    /// <summary>A document's blocks, in order.</summary>
    public static IReadOnlyList<DocumentBlock> Of(string document) =>
        [.. Fence().Matches(RepositoryRoot.Read(document.Split('/')).ReplaceLineEndings("\n"))
            .Select(match => new DocumentBlock(document, match.Groups["needs"].Value, match.Groups["commands"].Value))];

    public override string ToString() => $"{Document}: {Commands.Split('\n')[0]}";

    [GeneratedRegex(@"^ *```(sh|bash|shell|console)(?<needs>[^\n]*)\n(?<commands>.*?)^ *```$",
        RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Fence();

    [GeneratedRegex(@"dotnet run (--no-build )?--project tools/Notify\.LocalHost", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000)]
    private static partial Regex Runs();

    // These end by themselves.
    [GeneratedRegex("--exit|--replay", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Ends();
}
