using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Notify.Functions.Infrastructure.Configuration;

/// <summary>
/// Whether there is every setting that is set, whether its value can be read, and whether it is a value: App Service hands a reference
/// to a secret on as text where it cannot resolve it, and nobody must take that text for the secret.
/// </summary>
internal sealed class SettingsCheck(IConfiguration configuration, IEnumerable<SettingSection> sections) : IValidateOptions<AllSettings>
{
    /// <summary>What the names of the service's own settings begin with.</summary>
    public const string Root = "Notify:";

    // The local host's own. It knows them where it runs; elsewhere they are left over from it.
    private const string OfLocalHost = Root + "LocalHost:";

    private static readonly string[] References = ["@Microsoft.KeyVault(", "@Microsoft.AppConfiguration("];

    // What the service reads, by the beginnings of the names.
    private static readonly string[] Ours = [Root, "NotifyStorage", "AzureWebJobsStorage", "APPLICATIONINSIGHTS_", "OTEL_"];

    public ValidateOptionsResult Validate(string? name, AllSettings options)
    {
        var known = sections.SelectMany(section => section.Settings).ToList();
        var faults = configuration.AsEnumerable().Where(one => one.Value is not null && BeginsWithAny(one.Key, Ours))
            .OrderBy(one => one.Key, StringComparer.OrdinalIgnoreCase).Select(one => FaultOf(one.Key, one.Value!, known)).OfType<string>()
            .ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <summary>Whether a value is a reference to one that is kept elsewhere.</summary>
    public static bool IsReference(string value) => BeginsWithAny(value.TrimStart(), References);

    private static string? FaultOf(string name, string value, List<KnownSetting> known)
    {
        if (IsReference(value))
        {
            return $"{name} is a reference to a secret that Azure has not resolved: its identity may not read the secret, or there is "
                + $"none of that name.";
        }
        if (!BeginsWithAny(name, Root))
        {
            return null;
        }
        var path = name.Split(ConfigurationPath.KeyDelimiter);
        if (known.Find(setting => setting.Is(path)) is { } found)
        {
            // An address may have a password in it.
            return value.Length == 0 || found.CanRead(value) ? null
                : found.Type == typeof(Uri) ? $"{name} is not {found.Expected}."
                : $"{name} is '{value.ReplaceLineEndings(" ")}', which is not {found.Expected}.";
        }
        return BeginsWithAny(name, OfLocalHost) && !known.Exists(setting => BeginsWithAny(setting.NameLike(path), OfLocalHost))
            ? null
            : $"{name} is not a setting; the nearest is {Nearest(path, known)}.";
    }

    private static string Nearest(IReadOnlyList<string> path, List<KnownSetting> known)
    {
        var name = string.Join(ConfigurationPath.KeyDelimiter, path).ToUpperInvariant();
        return known.Select(setting => setting.NameLike(path)).MinBy(other => EditDistance.Between(name, other.ToUpperInvariant()))!;
    }

    private static bool BeginsWithAny(string text, params string[] beginnings) =>
        Array.Exists(beginnings, one => text.StartsWith(one, StringComparison.OrdinalIgnoreCase));
}
