using System.IO.Compression;
using System.Text.Json;
using System.Xml.Linq;

namespace Notify.Functions.Tests.StandIns;

/// <summary>
/// A project in a temporary folder that asks for a package as the app does, with the repository's versions, its folder of stand-ins, and a
/// user's feed that the test fills. Nothing else is reached.
/// </summary>
internal sealed class TrialProject : IDisposable
{
    // With a space, as a home folder may have one.
    private readonly string _folder = Directory.CreateTempSubdirectory("notify trial ").FullName;
    private readonly string? _package;

    /// <param name="package">The package that it asks for; none where <see langword="null"/>.</param>
    /// <param name="official">The versions of the package that the user's feed has.</param>
    /// <param name="config">More of the user's NuGet settings.</param>
    /// <param name="project">More of the project.</param>
    public TrialProject(string? package, IEnumerable<string> official, string config = "", string project = "")
    {
        _package = package;
        var feed = Directory.CreateDirectory(PathOf("users feed")).FullName;
        foreach (var version in official)
        {
            WriteEmptyPackage(feed, package!, version);
        }
        CopyStandIns(Directory.CreateDirectory(PathOf("standins")).FullName);
        Write("nuget.config", $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="user" value="{feed}" />
                <add key="notify-standins" value="standins" />
              </packageSources>
              <fallbackPackageFolders><clear /></fallbackPackageFolders>
              {config}
            </configuration>
            """);
        // Without the analyzers, which the repository gives to every project.
        Write("Directory.Packages.props", RepositoryRoot.Read("Directory.Packages.props")
            .Replace("GlobalPackageReference", "PackageVersion", StringComparison.Ordinal));
        Write("trial.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>{(package is null ? "" : $"""<PackageReference Include="{package}" />""")}</ItemGroup>
              {project}
            </Project>
            """);
    }

    /// <summary>Puts a file into the project's folder.</summary>
    public void Write(string name, string content) => File.WriteAllText(PathOf(name), content);

    /// <summary>Runs a command of the SDK in the project's folder.</summary>
    public Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) =>
        DotNet.RunAsync(_folder, PathOf("packages"), arguments);

    /// <summary>Restores the project; the version of the package that it got.</summary>
    public async Task<string> RestoreAsync()
    {
        await DotNet.SucceedAsync(_folder, PathOf("packages"), "restore");
        using var assets = JsonDocument.Parse(await File.ReadAllTextAsync(PathOf("obj/project.assets.json")));
        return assets.RootElement.GetProperty("libraries").EnumerateObject()
            .Single(one => one.Name.StartsWith(_package + "/", StringComparison.Ordinal)).Name[(_package!.Length + 1)..];
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string PathOf(string name) => Path.Combine(_folder, name);

    // Without what they need in their turn, for that the user's feed would have to have.
    private static void CopyStandIns(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(StandIn.Feed))
        {
            var copy = Path.Combine(folder, Path.GetFileName(path));
            File.Copy(path, copy);
            using var package = ZipFile.Open(copy, ZipArchiveMode.Update);
            var entry = package.Entries.Single(one => one.FullName.EndsWith(".nuspec", StringComparison.Ordinal));
            using var stream = entry.Open();
            var description = XDocument.Load(stream);
            description.Descendants().Where(one => one.Name.LocalName == "dependency").Remove();
            stream.SetLength(0);
            description.Save(stream);
        }
    }

    private static void WriteEmptyPackage(string folder, string id, string version)
    {
        using var package = ZipFile.Open(Path.Combine(folder, $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        using var description = new StreamWriter(package.CreateEntry(id + ".nuspec").Open());
        description.Write($"""
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
              <metadata><id>{id}</id><version>{version}</version><authors>test</authors><description>empty</description></metadata>
            </package>
            """);
    }
}
