using System.Text.RegularExpressions;

namespace Notify.Functions.Tests.Infra;

/// <summary>What runs beside our secrets.</summary>
public sealed partial class WorkflowTests
{
    public static TheoryData<string> Workflows =>
        [.. Directory.GetFiles(Path.Combine(RepositoryRoot.Path, ".github", "workflows")).Select(file => Path.GetFileName(file)!)];

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Every_action_is_one_commit_and_says_its_version(string workflow)
    {
        var uses = Uses().Matches(Read(workflow)).Select(match => match.Value.Trim()).ToList();

        Assert.NotEmpty(uses);
        Assert.All(uses, line => Assert.Matches("^- uses: [a-z-]+/[a-z-]+@[0-9a-f]{40} # v[0-9]+[.][0-9]+[.][0-9]+$", line));
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Only_a_step_that_runs_our_own_command_is_given_secrets(string workflow)
    {
        var steps = Regex.Split(Read(workflow), @"^      - ", RegexOptions.Multiline, TimeSpan.FromSeconds(5));

        // The first part is what all steps see.
        Assert.DoesNotContain("${{ secrets.", steps[0], StringComparison.Ordinal);
        Assert.All(steps.Where(step => step.Contains("${{ secrets.", StringComparison.Ordinal)), step =>
        {
            Assert.Contains("az deployment sub create", step, StringComparison.Ordinal);
            Assert.DoesNotContain("uses:", step, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void The_deployment_is_given_every_secret_that_its_parameter_files_ask_for()
    {
        var asked = Asked().Matches(RepositoryRoot.Read("infra", "prod.bicepparam")).Select(match => match.Groups["name"].Value)
            .ToHashSet(StringComparer.Ordinal);
        var given = Given().Matches(Read("deploy.yml")).Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);

        Assert.True(asked.Count > 10, string.Join(' ', asked));
        Assert.Empty(asked.Except(given, StringComparer.Ordinal));
    }

    private static string Read(string workflow) => RepositoryRoot.Read(".github", "workflows", workflow).ReplaceLineEndings("\n");

    [GeneratedRegex(@"^.*\buses:.*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Uses();

    [GeneratedRegex(@"readEnvironmentVariable\('(?<name>\w+)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Asked();

    [GeneratedRegex(@"^          (?<name>[A-Z_]+): \$\{\{", RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000)]
    private static partial Regex Given();
}
