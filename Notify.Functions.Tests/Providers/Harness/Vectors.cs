using System.Text.Json;

namespace Notify.Functions.Tests.Providers.Harness;

/// <summary>
/// Test vectors: all of a provider's where the shared folder lies beside the repository, else the few that a test carries itself.
/// </summary>
internal static class Vectors
{
    /// <summary>The rows by name.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Load(string file, string embedded)
    {
        var rows = Rows(embedded);
        return Shared(file) is { } path
            ? Rows(File.ReadAllText(path))
            : rows;
    }

    /// <summary>The rows that a test carries itself.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Rows(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("vectors").Clone().EnumerateArray()
            .ToDictionary(row => row.GetProperty("name").GetString()!, StringComparer.Ordinal);
    }

    /// <summary>The names, as the data of a theory.</summary>
    public static TheoryData<string> Names(IReadOnlyDictionary<string, JsonElement> rows) => [.. rows.Keys];

    public static string Text(this JsonElement row, string name) => row.GetProperty(name).GetString()!;

    /// <summary>A shared file, or <see langword="null"/> in a clone that has none.</summary>
    public static string? Shared(string file)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Notify.Functions.sln")))
            {
                var path = Path.Combine(folder.FullName, "..", "shared", "vectors", file);
                return File.Exists(path) ? path : null;
            }
        }
        return null;
    }
}
