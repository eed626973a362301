using System.Data.Common;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Notify.Functions.Infrastructure.Configuration;

namespace Notify.Functions.Host;

/// <summary>
/// Whether what is measured can go where the settings say: exporters would fail without the setting's name, or ignore it.
/// </summary>
internal sealed class TelemetryCheck(IConfiguration configuration) : IValidateOptions<AllSettings>
{
    public ValidateOptionsResult Validate(string? name, AllSettings options)
    {
        var faults = new List<string>();
        if (configuration[TelemetryRegistration.ApplicationInsights] is { Length: > 0 } insights
            && !SettingsCheck.IsReference(insights) && !IsConnectionString(insights))
        {
            faults.Add(
                $"{TelemetryRegistration.ApplicationInsights} is not a connection string of Application Insights, "
                + "InstrumentationKey=…;IngestionEndpoint=https://…");
        }
        if (configuration[TelemetryRegistration.OtlpEndpoint] is { Length: > 0 } collector && !SettingsCheck.IsReference(collector)
            && !(Uri.TryCreate(collector, UriKind.Absolute, out var address)
                && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)))
        {
            faults.Add($"{TelemetryRegistration.OtlpEndpoint} is not an absolute http or https address.");
        }
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <summary>Whether the exporter can read it: where it cannot, it would stop the start before anything else is said.</summary>
    public static bool IsConnectionString(string text)
    {
        try
        {
            var parts = new DbConnectionStringBuilder { ConnectionString = text };
            return parts.TryGetValue("InstrumentationKey", out var key) && key is string { Length: > 0 }
                && (!parts.TryGetValue("IngestionEndpoint", out var endpoint)
                    || Uri.IsWellFormedUriString(endpoint as string, UriKind.Absolute));
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
