using System.Globalization;
using System.Text.RegularExpressions;

namespace Notify.Functions.Tests.Architecture;

/// <summary>What the documents point at is there.</summary>
public sealed partial class DocumentTests
{
    private static readonly string Page = RepositoryRoot.Read("docs", "architecture.md");

    [Fact]
    public void Every_link_to_a_file_of_the_repository_leads_somewhere()
    {
        var documents = Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "docs"), "*.md", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(RepositoryRoot.Path, "*.md"))
            .Concat(new[] { "samples", "eng/standins" }.Select(folder => Path.Combine(RepositoryRoot.Path, folder, "README.md")));

        var links = from document in documents
                    from Match link in Link().Matches(File.ReadAllText(document))
                    select (Document: document, Target: Path.Combine(Path.GetDirectoryName(document)!, link.Groups["target"].Value));

        Assert.NotEmpty(links);
        Assert.DoesNotContain(links, link => !Path.Exists(link.Target));
    }

    [Fact]
    public void An_event_is_followed_through_numbered_stops_each_named_after_its_file()
    {
        var stops = Stop().Matches(Page).ToList();

        Assert.Equal(Enumerable.Range(1, 27), stops.Select(stop => int.Parse(stop.Groups["number"].Value, CultureInfo.InvariantCulture)));
        Assert.All(stops, stop => Assert.Equal(stop.Groups["name"].Value, Path.GetFileNameWithoutExtension(stop.Groups["path"].Value)));
        var docs = Path.Combine(RepositoryRoot.Path, "docs");
        Assert.All(stops, stop => Assert.True(File.Exists(Path.Combine(docs, stop.Groups["path"].Value)), stop.Value));
    }

    [GeneratedRegex(@"\]\((?!https?:|mailto:|#)(?<target>[^)#\s]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Link();

    [GeneratedRegex(
        @"^(?<number>\d+)\. \[`(?<name>\w+)`\]\((?<path>[^)]+)\)",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Stop();
}
