namespace Notify.Functions.Tests.PackageSets;

internal sealed record RestoreRun(int ExitCode, string Output)
{
    /// <summary>What the build says of the set that it uses, which is one line.</summary>
    public string Line =>
        Assert.Single(Output.Split('\n'), line => line.Contains("Package set:", StringComparison.Ordinal)).Trim();

    public RestoreRun Succeeded()
    {
        Assert.True(ExitCode == 0, Output);
        Assert.DoesNotContain("warning", Output, StringComparison.OrdinalIgnoreCase);
        return this;
    }
}
