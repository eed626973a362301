using System.IO.Compression;

namespace Notify.Functions.Tests.PackageSets;

/// <summary>Packages that have a name and a version and nothing else, which is all that the probe asks for.</summary>
internal static class EmptyPackages
{
    public static void Write(string folder, IEnumerable<(string Id, string Version)> packages)
    {
        Directory.CreateDirectory(folder);
        foreach (var (id, version) in packages)
        {
            using var package = ZipFile.Open(Path.Combine(folder, $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
            using var description = new StreamWriter(package.CreateEntry(id + ".nuspec").Open());
            description.Write($"""
                <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
                  <metadata>
                    <id>{id}</id>
                    <version>{version}</version>
                    <authors>test</authors>
                    <description>empty</description>
                  </metadata>
                </package>
                """);
        }
    }
}
