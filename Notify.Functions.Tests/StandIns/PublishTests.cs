namespace Notify.Functions.Tests.StandIns;

/// <summary>What may be deployed: eng/publish.targets, which the app imports.</summary>
[Trait("Category", "Slow")]
public sealed class PublishTests
{
    private static readonly string Guarded = $"""
        <ItemGroup><None Include="extensions.json" CopyToPublishDirectory="PreserveNewest" Condition="Exists('extensions.json')" /></ItemGroup>
        <Import Project="{Path.Combine(RepositoryRoot.Path, "eng", "publish.targets")}" />
        """;

    [Theory]
    [InlineData(StandIn.Kafka)]
    [InlineData(StandIn.Redis)]
    public async Task Refuses_a_stand_in_and_names_it(string id)
    {
        using var project = new TrialProject(id, official: [], project: Guarded);

        var (exitCode, output) = await project.RunAsync("publish");

        Assert.Equal(1, exitCode);
        Assert.Contains($"NOTIFY001: This build holds a stand-in ({id} {new StandIn(id).SourceVersion})", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("""{"extensions":[{"name":"AzureStorageQueues"}]}""")]
    public async Task Refuses_a_package_whose_host_would_run_no_Kafka_trigger(string? extensions)
    {
        using var project = new TrialProject(package: null, official: [], project: Guarded);
        if (extensions is not null)
        {
            project.Write("extensions.json", extensions);
        }

        var (exitCode, output) = await project.RunAsync("publish");

        Assert.Equal(1, exitCode);
        Assert.Contains("NOTIFY002: The published extensions.json names no Kafka extension", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_a_package_with_the_hosts_Kafka_extension()
    {
        using var project = new TrialProject(package: null, official: [], project: Guarded);
        project.Write("extensions.json",
            """{"extensions":[{"name":"Kafka","typeName":"Microsoft.Azure.WebJobs.Extensions.Kafka.KafkaWebJobsStartup, Microsoft.Azure.WebJobs.Extensions.Kafka"}]}""");

        var (exitCode, output) = await project.RunAsync("publish");

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task Takes_a_stand_in_where_that_is_asked_for()
    {
        using var project = new TrialProject(StandIn.Redis, official: [], project: Guarded);

        var (exitCode, output) = await project.RunAsync("publish", "-p:AllowStandIns=true");

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public void The_app_is_published_under_this_guard_and_nothing_that_deploys_lifts_it()
    {
        Assert.Contains("""<Import Project="../eng/publish.targets" />""",
            RepositoryRoot.Read("Notify.Functions", "Notify.Functions.csproj"), StringComparison.Ordinal);
        Assert.All(
            new[] { "azure.yaml", ".github/workflows/deploy.yml", "infra/deploy-others.sh", "infra/deploy-others.ps1",
                "docs/deployment.md" },
            file => Assert.DoesNotContain("AllowStandIns", RepositoryRoot.Read(file), StringComparison.Ordinal));
    }
}
