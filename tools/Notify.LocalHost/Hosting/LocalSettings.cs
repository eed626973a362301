using System.Text.Json;
using Notify.Functions.Contract;
using Notify.LocalHost.Runtime;

namespace Notify.LocalHost.Hosting;

/// <summary>Reads <c>local.settings.json</c> as the Functions tools do.</summary>
internal static class LocalSettings
{
    private const string FileName = "local.settings.json";
    private const string TopMark = "Notify.Functions.sln";

    /// <summary>
    /// The file in the current folder, else at the top of the repository that the folder or the program is in; or nothing.
    /// </summary>
    public static string? Find(string currentDirectory)
    {
        string?[] folders = [currentDirectory, TopOf(currentDirectory), TopOf(AppContext.BaseDirectory)];
        return folders.OfType<string>().Select(f => Path.Combine(f, FileName)).FirstOrDefault(File.Exists);
    }

    /// <summary>The settings of a file, with <c>:</c> in their names.</summary>
    /// <exception cref="StartupException">The file is no JSON of the right shape; the message says where.</exception>
    public static IReadOnlyDictionary<string, string?> Read(string path)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        try
        {
            var bytes = File.ReadAllBytes(path);
            if (Utf8Text.FaultyLine(bytes) is { } line)
            {
                throw new StartupException($"{path} is not UTF-8: line {line}.");
            }
            using var json = JsonDocument.Parse(Utf8Text.Read(bytes)!,
                new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new StartupException($"{path} must be a JSON object with \"Values\".");
            }
            if (json.RootElement.TryGetProperty("IsEncrypted", out var encrypted) && encrypted.ValueKind == JsonValueKind.True)
            {
                throw new StartupException($"{path} is encrypted; 'func settings decrypt' makes it readable.");
            }
            ReadValues(path, json.RootElement, settings);
            ReadConnectionStrings(path, json.RootElement, settings);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The latter is a name that is no Unicode.
            throw new StartupException($"{path} is not valid JSON: {fault.Message}", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"{path} cannot be read: {fault.Message}", fault);
        }
        return settings;
    }

    private static void ReadValues(string path, JsonElement root, Dictionary<string, string?> settings)
    {
        foreach (var value in Section(path, root, "Values"))
        {
            settings[value.Name.Replace("__", ":", StringComparison.Ordinal)] = Text(path, $"Values:{value.Name}", value.Value);
        }
    }

    private static void ReadConnectionStrings(string path, JsonElement root, Dictionary<string, string?> settings)
    {
        foreach (var value in Section(path, root, "ConnectionStrings"))
        {
            var text = value.Value.ValueKind == JsonValueKind.Object && value.Value.TryGetProperty("ConnectionString", out var inner)
                ? inner : value.Value;
            settings[$"ConnectionStrings:{value.Name}"] = Text(path, $"ConnectionStrings:{value.Name}", text);
        }
    }

    private static IEnumerable<JsonProperty> Section(string path, JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var section))
        {
            return [];
        }
        return section.ValueKind == JsonValueKind.Object
            ? section.EnumerateObject()
            : throw new StartupException($"\"{name}\" in {path} must be a JSON object.");
    }

    private static string? Text(string path, string key, JsonElement value) => NotifyJson.TryGetString(value, out var text)
        ? text
        : throw new StartupException($"\"{key}\" in {path} must be a string: put its value in quotation marks.");

    private static string? TopOf(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, TopMark)))
            {
                return at.FullName;
            }
        }
        return null;
    }
}
