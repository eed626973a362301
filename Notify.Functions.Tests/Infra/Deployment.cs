using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Notify.Functions.Tests.Infra;

/// <summary>
/// What a deployment of <c>infra/</c> creates, as Bicep predicts it, offline; what only Azure knows stands there as an expression.
/// </summary>
internal sealed partial class Deployment
{
    private readonly JsonElement[] _resources;

    private Deployment(JsonElement[] resources) => _resources = resources;

    public IEnumerable<Resource> Resources => _resources.Select(resource => new Resource(resource));

    /// <summary>The resources of a type.</summary>
    public IReadOnlyList<Resource> Of(string type) => [.. Resources.Where(resource => resource.Type == type)];

    /// <summary>The last parts of the names of a type's resources, in order.</summary>
    public IReadOnlyList<string> NamesOf(string type) =>
        [.. Of(type).Select(resource => resource.Name.Split('/')[^1]).Order(StringComparer.Ordinal)];

    /// <summary>The function apps with their settings: a value where it is known, else the expression.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Apps =>
        Of("Microsoft.Web/sites/config").Where(config => config.Name.EndsWith("/appsettings", StringComparison.Ordinal))
            .ToDictionary(config => config.Name.Split('/')[0], config => SettingsOf(config.Json.GetProperty("properties")),
                StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<string, Lazy<Task<Deployment>>> Unchanged = new(StringComparer.Ordinal);

    /// <summary>Predicts.</summary>
    /// <param name="parameters">Lines of the parameter file besides what must be there.</param>
    /// <param name="change">A file of <c>infra/</c>, a text in it, and what stands there instead.</param>
    public static Task<Deployment> PredictAsync(string parameters = "", (string File, string Text, string Instead)? change = null) =>
        change is null
        ? Unchanged.GetOrAdd(parameters, static lines => new Lazy<Task<Deployment>>(() => RunAsync(lines, change: null))).Value
        : RunAsync(parameters, change);

    private static async Task<Deployment> RunAsync(string parameters, (string File, string Text, string Instead)? change)
    {
        var folder = Directory.CreateTempSubdirectory("notify-infra-").FullName;
        try
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "infra")))
            {
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            }
            if (change is var (name, text, instead))
            {
                var path = Path.Combine(folder, name);
                var content = await File.ReadAllTextAsync(path);
                Assert.Contains(text, content, StringComparison.Ordinal);
                await File.WriteAllTextAsync(path, content.Replace(text, instead, StringComparison.Ordinal));
            }
            await File.WriteAllTextAsync(
                Path.Combine(folder, "test.bicepparam"),
                $"using 'main.bicep'\nparam environmentName = 'test'\nparam location = 'westeurope'\nparam identityKey = "
                    + $"'a-key-for-this-test-0000000000000000'\n{parameters}\n");
            var said = await Bicep.RunAsync(
                folder, "snapshot", "test.bicepparam", "--mode", "overwrite", "--deployment-name", "test", "--location", "westeurope",
                "--subscription-id", "00000000-0000-0000-0000-000000000001", "--tenant-id", "00000000-0000-0000-0000-000000000002");
            Assert.True(File.Exists(Path.Combine(folder, "test.snapshot.json")), said);
            using var snapshot = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "test.snapshot.json")));
            return new Deployment([.. snapshot.RootElement.GetProperty("predictedResources").EnumerateArray()
                .Select(resource => resource.Clone())]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // An object, or an expression that makes one: … 'NAME', 'value' … or … 'NAME', function(…) …
    private static IReadOnlyDictionary<string, string> SettingsOf(JsonElement properties)
    {
        if (properties.ValueKind == JsonValueKind.Object)
        {
            return properties.EnumerateObject()
                .ToDictionary(one => one.Name, one => one.Value.GetString()!.TrimStart('['), StringComparer.Ordinal);
        }
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match setting in Setting().Matches(properties.GetString()!))
        {
            settings[setting.Groups["name"].Value] =
                setting.Groups["value"].Success ? setting.Groups["value"].Value : setting.Groups["expression"].Value;
        }
        return settings;
    }

    [GeneratedRegex(
        @"'(?<name>(Notify|AzureWebJobs|AzureFunctionsJobHost|AZURE|APPLICATIONINSIGHTS|FUNCTIONS|WEBSITE|OTEL)[\w.]*)', ('(?<value>[^']*)'|(?<expression>[a-zA-Z]+\([^(]*))", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Setting();

    /// <summary>One resource.</summary>
    internal sealed record Resource(JsonElement Json)
    {
        public string Type => Json.GetProperty("type").GetString()!;

        public string ApiVersion => Json.GetProperty("apiVersion").GetString()!;

        public string Name => Json.GetProperty("name").GetString()!;

        /// <summary>A property by its path, as text; empty where it is not there.</summary>
        public string this[string path]
        {
            get
            {
                var at = Json;
                foreach (var part in path.Split('.'))
                {
                    if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(part, out at))
                    {
                        return "";
                    }
                }
                return at.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? JsonSerializer.Serialize(at) : at.ToString();
            }
        }
    }
}
