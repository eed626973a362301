using System.Text.RegularExpressions;

namespace Notify.Functions.Tests.Architecture;

/// <summary>Lines have at most 140 columns. A link, or the data of a test, may need more.</summary>
public sealed partial class LineTests
{
    private const int MaxColumns = 140;

    [Fact]
    public void No_line_of_code_is_too_long()
    {
        var files = new[] { "Notify.Functions", "Notify.Functions.Tests", "tools" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !Path.GetRelativePath(RepositoryRoot.Path, file).Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))
            .ToList();

        var tooLong = from file in files
                      from line in File.ReadLines(file).Index()
                      where line.Item.Length > MaxColumns && !(IsTest(file) ? TestData() : Link()).IsMatch(line.Item)
                      select $"{Path.GetRelativePath(RepositoryRoot.Path, file)}:{line.Index + 1}";

        Assert.InRange(files.Count, 900, 5000);
        Assert.Empty(tooLong);
    }

    private static bool IsTest(string file) => file.Contains("Notify.Functions.Tests", StringComparison.Ordinal);

    [GeneratedRegex("https://", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Link();

    // An event, a row or an expected text, and the name of a test.
    [GeneratedRegex("\"|https://|public async Task |^ *[{<]", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex TestData();
}
