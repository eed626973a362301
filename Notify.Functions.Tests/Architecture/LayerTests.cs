using System.Reflection;
using System.Text.RegularExpressions;
using Notify.Functions.Host;

namespace Notify.Functions.Tests.Architecture;

/// <summary>A folder uses only what stands above it, so that it can be read, and changed, without those below.</summary>
public sealed partial class LayerTests
{
    private const string App = Sources.App;
    private const int MostFiles = 60;

    // From top to bottom, as CONTRIBUTING.md has them.
    private static readonly string[] Layers =
    [
        "Contract", "Infrastructure", "Ledger", "Telemetry", "Recipients", "Templates", "Sending", "Reports", "Providers", "Dispatch",
        "Digests", "Intake", "Status", "Cancellation", "Erasure", "Health", "Recovery", "Functions", "Host",
    ];

    private static readonly TypeGraph Graph = TypeGraph.Of(typeof(NotifyApp).Assembly);

    [Fact]
    public void A_folder_uses_only_those_above_it()
    {
        var upwards = Graph.Folders(App, Top).Where(use => Place(use.Key.From) < Place(use.Key.To)).SelectMany(use => use);

        Assert.Empty(upwards);
    }

    /// <summary>Constants, which the compiler copies, and the links of comments.</summary>
    [Fact]
    public void A_file_names_only_folders_above_it()
    {
        var upwards = from file in Sources.Of(App)
                      from Match line in Named().Matches(File.ReadAllText(file.Path))
                      let used = line.Groups["folder"].Value
                      where Place(file.Folder) < Place(used)
                      select $"{file.Name}: {line.Value}";

        Assert.Empty(upwards);
    }

    [Theory]
    [InlineData(App)]
    [InlineData("Notify.LocalHost")]
    [InlineData("Notify.Sandbox")]
    [InlineData("Notify.Bench")]
    public void No_two_folders_use_each_other_however_deep_they_stand(string program)
    {
        var graph = TypeGraph.Of(Assembly.Load(program));
        var named = from file in Sources.Of(program)
                    from Match line in Using().Matches(File.ReadAllText(file.Path))
                    where line.Groups["program"].Value == program
                    let folder = Path.GetDirectoryName(file.Name)!.Replace(Path.DirectorySeparatorChar, '.')
                    select (From: folder, To: line.Groups["folder"].Value);
        var direct = graph.Folders(program, whole => whole).Select(use => use.Key).Concat(named).ToList();
        // Each folder with the others, and each with all that is in it.
        var uses = new[] { 1, 2, 3 }.SelectMany(depth => direct.Select(use => (From: UpTo(depth, use.From), To: UpTo(depth, use.To))))
            .ToHashSet();

        Assert.NotEmpty(direct);
        var mutual = uses.Where(use => string.CompareOrdinal(use.From, use.To) < 0 && uses.Contains((use.To, use.From)));
        Assert.Empty(mutual.Select(pair => $"{pair.From} ⇄ {pair.To}"));
    }

    [Fact]
    public void Every_folder_has_its_place_and_none_is_a_drawer()
    {
        var folders = Sources.Of(App).GroupBy(file => file.Folder)
            .ToDictionary(folder => folder.Key, folder => folder.Count(), StringComparer.Ordinal);

        Assert.Equal(Layers.Order(StringComparer.Ordinal), folders.Keys.Order(StringComparer.Ordinal));
        Assert.True(folders.Count >= 15);
        Assert.DoesNotContain(folders, folder => folder.Value > MostFiles);
    }

    private static string Top(string folder) => UpTo(1, folder);

    private static string UpTo(int depth, string folder) => string.Join('.', folder.Split('.').Take(depth));

    private static int Place(string folder) =>
        Array.IndexOf(Layers, folder) is >= 0 and var place ? place : throw new InvalidOperationException($"Where does {folder} stand?");

    [GeneratedRegex(@"\bNotify\.Functions\.(?<folder>[A-Z]\w+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Named();

    [GeneratedRegex(
        @"^using (static |\w+ = )?(?<program>Notify\.[A-Z]\w+)\.(?<folder>[\w.]+);",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Using();
}
