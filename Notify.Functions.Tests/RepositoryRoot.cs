namespace Notify.Functions.Tests;

/// <summary>The folder of the solution that the tests were built from.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = Find();

    public static string Read(params string[] parts) => File.ReadAllText(System.IO.Path.Combine([Path, .. parts]));

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Notify.Functions.sln")))
            {
                return folder.FullName;
            }
        }
        throw new InvalidOperationException("The tests do not lie below the solution.");
    }
}
