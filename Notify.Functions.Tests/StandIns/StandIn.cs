using System.IO.Compression;
using System.Reflection;
using System.Runtime.Loader;
using System.Xml.Linq;

namespace Notify.Functions.Tests.StandIns;

/// <summary>A stand-in: its source, and the package of it in the repository's feed.</summary>
internal sealed class StandIn(string id)
{
    public const string Kafka = "Microsoft.Azure.Functions.Worker.Extensions.Kafka";
    public const string Redis = "Microsoft.Azure.StackExchangeRedis";
    private const string Source = "Source:";

    /// <summary>Where the packages are.</summary>
    public static string Feed { get; } = Path.Combine(RepositoryRoot.Path, "eng", "standins", "feed");

    /// <summary>The project that the package is packed from.</summary>
    public string Project { get; } = Path.Combine(RepositoryRoot.Path, "eng", "standins", id, id + ".csproj");

    /// <summary>The version that the source would be packed as.</summary>
    public string SourceVersion => XDocument.Load(Project).Descendants("Version").Single().Value;

    /// <summary>The packages that the source needs.</summary>
    public IEnumerable<string> SourceDependencies =>
        XDocument.Load(Project).Descendants("PackageReference").Select(one => one.Attribute("Include")!.Value);

    /// <summary>The versions in the feed.</summary>
    public IEnumerable<string> Versions =>
        Directory.EnumerateFiles(Feed, id + ".*.nupkg").Select(path => Path.GetFileNameWithoutExtension(path)[(id.Length + 1)..]);

    /// <summary>The packages that the package needs.</summary>
    public IReadOnlyList<string> Dependencies()
    {
        using var package = Open();
        using var description = package.GetEntry(id + ".nuspec")!.Open();
        return [.. XDocument.Load(description).Descendants().Where(one => one.Name.LocalName == "dependency")
            .Select(one => one.Attribute("id")!.Value)];
    }

    /// <summary>The package's assembly.</summary>
    public Assembly Packed()
    {
        using var package = Open();
        using var entry = package.GetEntry($"lib/net10.0/{id}.dll")!.Open();
        var bytes = new MemoryStream();
        entry.CopyTo(bytes);
        bytes.Position = 0;
        return new AssemblyLoadContext(id, isCollectible: true).LoadFromStream(bytes);
    }

    /// <summary>The assembly that the source gives now.</summary>
    /// <param name="folder">For the build's output, so that the repository stays as it is.</param>
    public async Task<Assembly> BuiltAsync(string folder)
    {
        await DotNet.SucceedAsync(folder, packages: null, "build", Project, "--artifacts-path", folder, "--nologo");
        var path = Directory.EnumerateFiles(Path.Combine(folder, "bin"), id + ".dll", SearchOption.AllDirectories).Single();
        return new AssemblyLoadContext(id, isCollectible: true).LoadFromAssemblyPath(path);
    }

    /// <summary>The sources that an assembly was made from, each with its hash.</summary>
    public static IEnumerable<string> Sources(Assembly assembly) => assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Where(one => one.Key.StartsWith(Source, StringComparison.Ordinal))
        .Select(one => $"{one.Key[Source.Length..]} {one.Value}")
        .Order(StringComparer.Ordinal);

    private ZipArchive Open() => ZipFile.OpenRead(Path.Combine(Feed, $"{id}.{SourceVersion}.nupkg"));
}
