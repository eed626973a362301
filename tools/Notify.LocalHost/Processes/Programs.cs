namespace Notify.LocalHost.Processes;

/// <summary>Finds the programs that the local host can start.</summary>
internal static class Programs
{
    /// <summary>The full path of a program on the search path.</summary>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);

    /// <summary>A file of the repository, looked for upwards from the program's folder and from the current one.</summary>
    public static string? FindUpwards(string relativePath) => new[] { AppContext.BaseDirectory, Directory.GetCurrentDirectory() }
        .SelectMany(AndItsParents)
        .Select(folder => Path.Combine(folder, relativePath))
        .FirstOrDefault(File.Exists);

    private static IEnumerable<string> AndItsParents(string folder)
    {
        for (var parent = new DirectoryInfo(folder); parent is not null; parent = parent.Parent)
        {
            yield return parent.FullName;
        }
    }
}
