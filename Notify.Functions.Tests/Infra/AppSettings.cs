using System.Collections;
using System.Globalization;
using System.Reflection;
using Notify.Functions.Host;

namespace Notify.Functions.Tests.Infra;

/// <summary>Every app setting that the code reads, by its name there, with its default as one writes it; empty where it has none.</summary>
internal static class AppSettings
{
    /// <summary>A part of a name that stands for any: settings that have such a part cannot be listed one by one.</summary>
    public const string AnyCategory = "{category}";

    // These are no options of their own: they are taken from Notify:PublicBaseUrl.
    private const string TakenOver = "PublicBaseUrl";

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
        "NotifyStorage", "AzureWebJobsStorage", "FUNCTIONS_WORKER_RUNTIME", "Notify__Redis__ConnectionString", "OTEL_EXPORTER_OTLP_ENDPOINT",
    };

    /// <summary>What Azure has, and local.settings.json has not.</summary>
    public static IReadOnlySet<string> OnlyInAzure { get; } = OfHosts.Keys.Where(name => name.Contains("__", StringComparison.Ordinal) && name.Contains("Storage", StringComparison.Ordinal))
        .Concat(["AZURE_CLIENT_ID", "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG"]).ToHashSet(StringComparer.Ordinal);

    /// <summary>What must not be written into a template or a file.</summary>
    public static bool IsSecret(string name) => name is "Notify__Providers__AzureCommunication__WebhookKey" or "Notify__Redis__ConnectionString"
        || (!name.EndsWith("__WebhookKey", StringComparison.Ordinal) && new[] { "Key", "Password", "AuthToken", "Credentials" }.Any(end => name.EndsWith(end, StringComparison.Ordinal)));

    /// <summary>The service's own settings, from its options classes.</summary>
    public static IReadOnlyDictionary<string, string> OfOptions { get; } = typeof(NotifyApp).Assembly.GetTypes()
        .Select(type => (Type: type, Section: type.GetField("SectionName")?.GetRawConstantValue() as string))
        .Where(one => one.Section is not null)
        .SelectMany(one => Of(one.Section!.Replace(":", "__", StringComparison.Ordinal), Activator.CreateInstance(one.Type)!))
        .ToDictionary(StringComparer.Ordinal);

    /// <summary>All of them.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = OfOptions.Concat(OfHosts).ToDictionary(StringComparer.Ordinal);

    private static IEnumerable<KeyValuePair<string, string>> Of(string prefix, object options) => options is IDictionary dictionary
        ? dictionary.Keys.Cast<string>().SelectMany(key => Of($"{prefix}__{key}", dictionary[key]!))
        : options.GetType().GetProperties().Where(property => property.GetIndexParameters().Length == 0).SelectMany(property => Of(prefix, options, property));

    private static IEnumerable<KeyValuePair<string, string>> Of(string prefix, object options, PropertyInfo property)
    {
        var name = $"{prefix}__{property.Name}";
        var type = property.PropertyType;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IDictionary<,>))
        {
            return Of($"{name}__{AnyCategory}", Activator.CreateInstance(type.GenericTypeArguments[1])!);
        }
        return property.SetMethod is not { IsPublic: true } || (property.Name == TakenOver && options is not null && type == typeof(string))
            ? []
            : [KeyValuePair.Create(name, Text(property.GetValue(options)))];
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        bool isSo => isSo ? "true" : "false",
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        Uri address => address.OriginalString,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
