using OpenTelemetry;

namespace Microsoft.Azure.Functions.Worker.OpenTelemetry;

/// <summary>What tells the Functions host that the worker exports its telemetry by itself.</summary>
public static class ConfigureFunctionsOpenTelemetry
{
    /// <summary>Nothing to tell here: the local host exports nothing on behalf of the app.</summary>
    public static IOpenTelemetryBuilder UseFunctionsWorkerDefaults(this IOpenTelemetryBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder;
    }
}
