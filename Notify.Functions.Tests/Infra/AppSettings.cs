using System.Globalization;
using Notify.Functions.Host;
using Notify.Functions.Infrastructure.Configuration;

namespace Notify.Functions.Tests.Infra;

/// <summary>Every app setting that the code reads, by its name there, with its default as one writes it; empty where it has none.</summary>
internal static class AppSettings
{
    /// <summary>A part of a name that stands for any: settings that have such a part cannot be listed one by one.</summary>
    public const string AnyCategory = "{category}";

    /// <summary>Settings that only a host of the service reads, or the platform, with what a person running it locally sets.</summary>
    public static IReadOnlyDictionary<string, string> OfHosts { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Notify__PublicBaseUrl"] = "",
        ["NotifyStorage"] = "",
        ["NotifyStorage__queueServiceUri"] = "",
        ["NotifyStorage__tableServiceUri"] = "",
        ["NotifyStorage__credential"] = "",
        ["NotifyStorage__clientId"] = "",
        ["AzureWebJobsStorage"] = "",
        ["AzureWebJobsStorage__blobServiceUri"] = "",
        ["AzureWebJobsStorage__queueServiceUri"] = "",
        ["AzureWebJobsStorage__tableServiceUri"] = "",
        ["AzureWebJobsStorage__credential"] = "",
        ["AzureWebJobsStorage__clientId"] = "",
        ["AZURE_CLIENT_ID"] = "",
        ["FUNCTIONS_WORKER_RUNTIME"] = "",
        ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = "",
        ["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] = "",
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "",
        ["OTEL_TRACES_SAMPLER"] = "",
        ["OTEL_TRACES_SAMPLER_ARG"] = "",
    };

    /// <summary>What local.settings.json has instead of identities, and Azure has not.</summary>
    public static IReadOnlySet<string> OnlyLocal { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "NotifyStorage", "AzureWebJobsStorage", "FUNCTIONS_WORKER_RUNTIME", "Notify__Redis__ConnectionString",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
    };

    /// <summary>What Azure has, and local.settings.json has not.</summary>
    public static IReadOnlySet<string> OnlyInAzure { get; } =
        OfHosts.Keys.Where(name => name.Contains("__", StringComparison.Ordinal) && name.Contains("Storage", StringComparison.Ordinal))
        .Concat(["AZURE_CLIENT_ID", "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
            "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG"]).ToHashSet(StringComparer.Ordinal);

    /// <summary>What must not be written into a template or a file.</summary>
    public static bool IsSecret(string name) =>
        name is "Notify__Providers__AzureCommunication__WebhookKey" or "Notify__Redis__ConnectionString"
        || (!name.EndsWith("__WebhookKey", StringComparison.Ordinal)
            && new[] { "Key", "Password", "AuthToken", "Credentials" }.Any(end => name.EndsWith(end, StringComparison.Ordinal)));

    /// <summary>The service's own settings, from its options classes.</summary>
    public static IReadOnlyDictionary<string, string> OfOptions { get; } = typeof(NotifyApp).Assembly.GetTypes()
        .Select(type => (Type: type, Section: type.GetField("SectionName")?.GetRawConstantValue() as string))
        .Where(one => one.Section is not null && one.Type != typeof(PublicAddressOptions))
        .SelectMany(one => KnownSetting.ReadFrom(one.Type)
            .Select(setting => KeyValuePair.Create(NameOf($"{one.Section}:{string.Join(':', setting.Path)}"),
                Text(DefaultOf(one.Type, setting.Path)))))
        .ToDictionary(StringComparer.Ordinal);

    /// <summary>All of them.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = OfOptions.Concat(OfHosts).ToDictionary(StringComparer.Ordinal);

    /// <summary>A setting's name as it is written.</summary>
    public static string NameOf(string key) =>
        key.Replace(KnownSetting.Any, AnyCategory, StringComparison.Ordinal).Replace(":", "__", StringComparison.Ordinal);

    private static object? DefaultOf(Type options, IReadOnlyList<string> path) =>
        path.Aggregate(Activator.CreateInstance(options), (at, part) => part == KnownSetting.Any
        ? Activator.CreateInstance(at!.GetType().GenericTypeArguments[1])
        : KnownSetting.PropertiesOf(at!.GetType()).Single(property => KnownSetting.NameOf(property) == part).GetValue(at));

    private static string Text(object? value) => value switch
    {
        null => "",
        bool isSo => isSo ? "true" : "false",
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        Uri address => address.OriginalString,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
