namespace Notify.Functions.Tests.StandIns;

/// <summary>Which package NuGet takes for the two that have a stand-in: the table of docs/adr/0005-one-set-of-packages.md.</summary>
[Trait("Category", "Slow")]
public sealed class RestoreTests
{
    private const string StandsIn = "the stand-in";

    [Theory]
    [InlineData(StandIn.Kafka, StandsIn)]
    [InlineData(StandIn.Kafka, "4.3.0", "4.3.0")]
    [InlineData(StandIn.Kafka, "4.3.0", "4.3.0", "4.3.1", "4.4.0")]
    [InlineData(StandIn.Kafka, "4.3.0", "4.3.0-preview.1", "4.3.0", "4.3.1-preview.1")]
    [InlineData(StandIn.Kafka, StandsIn, "4.2.0", "4.3.1")]
    [InlineData(StandIn.Redis, StandsIn)]
    [InlineData(StandIn.Redis, "3.3.1", "3.3.1", "3.4.0")]
    public async Task Takes_the_official_package_where_the_feed_has_it(string id, string expected, params string[] official)
    {
        using var project = new TrialProject(id, official);

        Assert.Equal(expected == StandsIn ? new StandIn(id).SourceVersion : expected, await project.RestoreAsync());
    }

    [Fact]
    public async Task Takes_the_official_package_also_where_the_users_sources_are_mapped()
    {
        using var project = new TrialProject(
            StandIn.Kafka, ["4.3.0"],
            """<packageSourceMapping><packageSource key="user"><package pattern="*" /></packageSource></packageSourceMapping>""");

        Assert.Equal("4.3.0", await project.RestoreAsync());
    }

    [Fact]
    public void The_repository_adds_its_folder_to_the_users_sources_and_takes_none_away()
    {
        var config = RepositoryRoot.Read("nuget.config");

        Assert.Contains("""<add key="notify-standins" value="eng/standins/feed" />""", config, StringComparison.Ordinal);
        Assert.DoesNotContain("<clear", config, StringComparison.Ordinal);
        Assert.DoesNotContain("packageSourceMapping", config, StringComparison.Ordinal);
    }
}
