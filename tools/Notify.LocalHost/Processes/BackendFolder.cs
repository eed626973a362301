using System.Diagnostics;
using System.Globalization;

namespace Notify.LocalHost.Processes;

/// <summary>A folder of this process's own for what its backends write. Folders of processes that are gone are removed.</summary>
internal sealed class BackendFolder : IDisposable
{
    private const string Prefix = "notify-backends-";

    private BackendFolder(string path) => Path = path;

    public string Path { get; }

    public static BackendFolder Create()
    {
        foreach (var old in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), Prefix + "*").Where(IsOrphaned))
        {
            Remove(old);
        }
        return new BackendFolder(Directory.CreateTempSubdirectory(
            FormattableString.Invariant($"{Prefix}{Environment.ProcessId}-")).FullName);
    }

    public void Dispose() => Remove(Path);

    private static bool IsOrphaned(string folder)
    {
        var owner = System.IO.Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
        return int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && !IsRunning(id);
    }

    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another run is removing it too, or it is another user's.
        }
    }
}
