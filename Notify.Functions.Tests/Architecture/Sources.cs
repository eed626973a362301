namespace Notify.Functions.Tests.Architecture;

/// <summary>
/// The source files of a program that lie in a folder, each with its folder under the program's root and its name from there.
/// </summary>
internal static class Sources
{
    public const string App = "Notify.Functions";

    public static IEnumerable<(string Folder, string Name, string Path)> Of(string program)
    {
        var root = Path.Combine(RepositoryRoot.Path, program == App ? "" : "tools", program);
        return from path in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
               let name = Path.GetRelativePath(root, path)
               let folder = name.Split(Path.DirectorySeparatorChar)[0]
               where folder is not ("bin" or "obj") && name.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)
               select (folder, name, path);
    }
}
