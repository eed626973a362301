using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Notify.Functions.Infrastructure.Configuration;

/// <summary>What is wrong with the settings, for whoever starts the service: a line for each fault, names as one writes them.</summary>
internal static partial class SettingFaults
{
    /// <summary>Every fault of the settings; empty where there is none.</summary>
    public static IReadOnlyList<string> Find(IServiceProvider services)
    {
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (Exception fault) when (FailuresOf(fault) is { Count: > 0 } failures)
        {
            return Lines(failures);
        }
    }

    private static List<OptionsValidationException> FailuresOf(Exception fault) => fault switch
    {
        OptionsValidationException one => [one],
        AggregateException all when all.InnerExceptions.All(inner => inner is OptionsValidationException) =>
            [.. all.InnerExceptions.Cast<OptionsValidationException>()],
        _ => [],
    };

    // What cannot be read has its default, or nothing, as far as its section knows: what that says of it is no news.
    private static IReadOnlyList<string> Lines(List<OptionsValidationException> failures)
    {
        var first = failures.Where(one => one.OptionsType == typeof(AllSettings)).SelectMany(one => one.Failures).ToList();
        var named = first.Select(NameIn).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var others = failures.Where(one => one.OptionsType != typeof(AllSettings)).SelectMany(one => one.Failures)
            .Where(line => !named.Contains(NameIn(line)));
        return [.. first.Concat(others).Select(line => Name().Replace(line, AsWritten)).Distinct(StringComparer.Ordinal)];
    }

    private static string AsWritten(Match name) => name.Value.Replace(ConfigurationPath.KeyDelimiter, "__", StringComparison.Ordinal);

    private static string NameIn(string line) => line.Split(' ')[0];

    [GeneratedRegex(@"\bNotify(Storage)?(:[^\s:]+)+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
