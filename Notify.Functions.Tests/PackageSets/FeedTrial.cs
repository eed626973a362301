using System.Diagnostics;

namespace Notify.Functions.Tests.PackageSets;

/// <summary>
/// A repository in a temporary folder that has nothing but the build's own choice of the package set, copied from this one: a
/// solution and a project, whose feeds the test chooses.
/// </summary>
internal sealed class FeedTrial : IDisposable
{
    private const string Solution = "Notify.Functions.sln";

    private static readonly string[] CopiedFiles =
    [
        "before.Notify.Functions.sln.targets",
        "eng/package-set.props",
        "eng/package-set.targets",
        "eng/official-packages.props",
        "eng/feed-probe/feed-probe.csproj",
        "eng/feed-probe/Directory.Build.props",
        "eng/feed-probe/Directory.Build.targets",
        "eng/feed-probe/Directory.Packages.props",
    ];

    // A path with a space, as a home folder may have one.
    private readonly string _root = Directory.CreateTempSubdirectory("package set ").FullName;

    public FeedTrial()
    {
        foreach (var file in CopiedFiles)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
            File.Copy(Repository.PathOf(file), PathOf(file));
        }

        Write("Directory.Build.props", """
            <Project>
              <Import Project="eng/package-set.props" />
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
            </Project>
            """);
        Write("Directory.Build.targets", """<Project><Import Project="eng/package-set.targets" /></Project>""");
        Write(Solution, """
            Microsoft Visual Studio Solution File, Format Version 12.00
            Project("{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}") = "first", "first/first.csproj", "{6A1C1D7E-0C5B-4D0A-9B39-0B1E9D0A0001}"
            EndProject
            Global
            	GlobalSection(SolutionConfigurationPlatforms) = preSolution
            		Debug|Any CPU = Debug|Any CPU
            	EndGlobalSection
            	GlobalSection(ProjectConfigurationPlatforms) = postSolution
            		{6A1C1D7E-0C5B-4D0A-9B39-0B1E9D0A0001}.Debug|Any CPU.ActiveCfg = Debug|Any CPU
            		{6A1C1D7E-0C5B-4D0A-9B39-0B1E9D0A0001}.Debug|Any CPU.Build.0 = Debug|Any CPU
            	EndGlobalSection
            EndGlobal
            """);
        WriteProject("first");
        WriteProject("second");
    }

    /// <summary>The names of the answers on record.</summary>
    public IEnumerable<string?> Records =>
        Directory.Exists(PathOf("obj/package-set"))
            ? Directory.EnumerateDirectories(PathOf("obj/package-set")).Select(Path.GetFileName).Order()
            : [];

    /// <summary>The set that the project's restored packages are those of.</summary>
    public string RestoredSet(string project = "first") =>
        File.ReadAllText(PathOf($"{project}/obj/project.assets.json")).Contains("Azure.Data.Tables", StringComparison.Ordinal)
            ? "official"
            : "restricted";

    /// <param name="feeds">Folders or addresses, all of them configured as sources.</param>
    public void Configure(params string[] feeds)
    {
        var sources = feeds.Select((feed, at) => $"""<add key="feed{at}" value="{feed}" allowInsecureConnections="true" />""");
        Write("NuGet.config", $"""
            <configuration>
              <packageSources><clear />{string.Concat(sources)}</packageSources>
              <fallbackPackageFolders><clear /></fallbackPackageFolders>
            </configuration>
            """);
    }

    public string CreateFeed(IEnumerable<(string Id, string Version)> packages)
    {
        var folder = PathOf("feed-" + Guid.NewGuid().ToString("N"));
        EmptyPackages.Write(folder, packages);
        return folder;
    }

    public Task<RestoreRun> RestoreSolutionAsync(params string[] properties) => RestoreAsync(Solution, properties);

    public Task<RestoreRun> RestoreProjectAsync(string project, params string[] properties) =>
        RestoreAsync($"{project}/{project}.csproj", properties);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private async Task<RestoreRun> RestoreAsync(string what, string[] properties)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            WorkingDirectory = _root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments = ["restore", what, "-nodeReuse:false", "-terminalLogger:off", .. properties.Select(property => "-p:" + property)];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // The build that runs this test leaves its own traces in the environment.
        foreach (var name in start.Environment.Keys.Where(IsOfTheOuterBuild).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["NUGET_PACKAGES"] = PathOf("packages");
        start.Environment["NUGET_HTTP_CACHE_PATH"] = PathOf("http-cache");
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new RestoreRun(process.ExitCode, await output + await errors);
    }

    private static bool IsOfTheOuterBuild(string name) =>
        name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
        || name.Equals("PackageSet", StringComparison.OrdinalIgnoreCase);

    private void WriteProject(string name) => Write($"{name}/{name}.csproj", """
        <Project Sdk="Microsoft.NET.Sdk">
          <ItemGroup Condition="'$(PackageSet)' == 'official'">
            <PackageReference Include="Azure.Data.Tables" Version="12.11.0" />
          </ItemGroup>
        </Project>
        """);

    private void Write(string file, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
        File.WriteAllText(PathOf(file), content);
    }

    private string PathOf(string file) => Path.Combine(_root, file);
}
