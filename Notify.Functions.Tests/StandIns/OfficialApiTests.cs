using System.Reflection;
using Xunit.Abstractions;

namespace Notify.Functions.Tests.StandIns;

public sealed class OfficialApiTests(ITestOutputHelper output)
{
    private const string OpenTelemetry = "Microsoft.Azure.Functions.Worker.OpenTelemetry.";
    private static readonly string[] Selection = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "official-api.txt"));

    [StandInsFact]
    public void The_stand_ins_declare_what_the_selection_of_the_official_listing_has_and_nothing_else()
    {
        var faults = ApiCheck.Faults(ApiListing.Of(StandInsAssembly.Instance!), Selection);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [StandInsFact]
    public void What_the_listing_lacks_stands_in_the_package_itself()
    {
        var path = typeof(OfficialApiTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "WorkerOpenTelemetry").Value!;
        var official = ApiListing.Of(Assembly.LoadFile(path).GetType("Microsoft.Azure.Functions.Worker.OpenTelemetry.ConfigureFunctionsOpenTelemetry", throwOnError: true)!);

        Assert.Equal(official.Order(StringComparer.Ordinal), Selection.Where(line => line.Contains(OpenTelemetry, StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_line_of_the_selection_stands_in_the_official_listing()
    {
        if (OfficialListing() is not { } folder)
        {
            output.WriteLine("The official listing is not beside this repository: nothing to hold the selection against.");
            return;
        }

        var official = folder.EnumerateFiles("*.txt").SelectMany(file => File.ReadLines(file.FullName)).ToHashSet(StringComparer.Ordinal);
        var faults = Selection.Where(line => !line.Contains(OpenTelemetry, StringComparison.Ordinal) && !official.Contains(line)).ToList();
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void The_selection_is_in_order_and_has_no_line_twice() =>
        Assert.Equal(string.Join('\n', Selection.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)), string.Join('\n', Selection));

    private static DirectoryInfo? OfficialListing() =>
        Ancestors(new DirectoryInfo(AppContext.BaseDirectory))
            .SkipWhile(folder => !File.Exists(Path.Combine(folder.FullName, "Notify.Functions.sln")))
            .Select(folder => new DirectoryInfo(Path.Combine(folder.FullName, "shared", "reference", "official-api")))
            .FirstOrDefault(folder => folder.Exists);

    private static IEnumerable<DirectoryInfo> Ancestors(DirectoryInfo? folder)
    {
        for (; folder is not null; folder = folder.Parent)
        {
            yield return folder;
        }
    }
}
