using Xunit.Abstractions;

namespace Notify.Functions.Tests.StandIns;

/// <summary>The packages in the repository are those of their sources, and have the official API.</summary>
public sealed class StandInTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string[] OfficialApi =
        File.ReadAllLines(Path.Combine(RepositoryRoot.Path, "eng", "standins", "official-api.txt"));
    private readonly string _folder = Directory.CreateTempSubdirectory("notify-standins-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(StandIn.Kafka)]
    [InlineData(StandIn.Redis)]
    public async Task The_package_is_of_its_source(string id)
    {
        var standIn = new StandIn(id);

        Assert.Equal(standIn.SourceVersion, Assert.Single(standIn.Versions));
        Assert.Equal(standIn.SourceDependencies.Order(StringComparer.Ordinal), standIn.Dependencies().Order(StringComparer.Ordinal));
        var (packed, built) = (standIn.Packed(), await standIn.BuiltAsync(_folder));
        Assert.NotEmpty(StandIn.Sources(packed));
        Assert.Equal(StandIn.Sources(built), StandIn.Sources(packed));
        Assert.Equal(ApiListing.Of(built), ApiListing.Of(packed));
    }

    [Fact]
    public void The_packages_declare_what_the_selection_of_the_official_API_has_and_nothing_else() => Assert.Equal(
        OfficialApi,
        new[] { StandIn.Kafka, StandIn.Redis }.SelectMany(id => ApiListing.Of(new StandIn(id).Packed())).Order(StringComparer.Ordinal));

    [Fact]
    public void The_Kafka_package_brings_no_host_extension_which_the_workers_SDK_would_look_for_on_the_feed() => Assert.DoesNotContain(
        new StandIn(StandIn.Kafka).Packed().GetCustomAttributesData(), one => one.AttributeType.Name == "ExtensionInformationAttribute");

    [Fact]
    public void Every_line_of_the_selection_stands_in_the_official_listing()
    {
        if (OfficialListing() is not { } folder)
        {
            output.WriteLine("The official listing is not beside this repository: nothing to hold the selection against.");
            return;
        }
        var official = folder.EnumerateFiles("*.txt").SelectMany(file => File.ReadLines(file.FullName)).ToHashSet(StringComparer.Ordinal);

        Assert.Equal([], OfficialApi.Where(line => !official.Contains(line)));
    }

    private static DirectoryInfo? OfficialListing()
    {
        for (var folder = new DirectoryInfo(RepositoryRoot.Path); folder is not null; folder = folder.Parent)
        {
            if (new DirectoryInfo(Path.Combine(folder.FullName, "shared", "reference", "official-api")) is { Exists: true } found)
            {
                return found;
            }
        }
        return null;
    }
}
