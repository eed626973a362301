namespace Notify.Functions.Tests.PackageSets;

internal static class Repository
{
    private static readonly Lazy<string> Root = new(FindRoot);

    public static string PathOf(string file) => Path.Combine(Root.Value, file);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Notify.Functions.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No solution above {AppContext.BaseDirectory}.");
    }
}
