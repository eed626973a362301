using Azure.Core;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Notify.Functions.Infrastructure.Configuration;
using Notify.Functions.Telemetry;
using OpenTelemetry;

namespace Notify.Functions.Host;

/// <summary>Spans, metrics and logs by OpenTelemetry, to wherever the settings say; nowhere unless they do.</summary>
internal static class TelemetryRegistration
{
    /// <summary>An OTLP collector; the other settings of the OpenTelemetry SDK (<c>OTEL_…</c>) count too.</summary>
    public const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Application Insights.</summary>
    public const string ApplicationInsights = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>
    /// How to sign in there: <c>Authorization=AAD;ClientId=…</c> for an identity; without it the connection string is enough.
    /// </summary>
    public const string ApplicationInsightsSignIn = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    /// <summary>Adds what is measured, and where it goes.</summary>
    public static IHostApplicationBuilder AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.AddCheckedOptions<TelemetryOptions>(TelemetryOptions.SectionName);
        builder.Services.AddSingleton<IValidateOptions<AllSettings>, TelemetryCheck>();
        builder.Services.AddMetrics().AddSingleton<NotifyMetrics>();
        var isToCollector = !string.IsNullOrEmpty(builder.Configuration[OtlpEndpoint]);
        var isToInsights = builder.Configuration[ApplicationInsights] is { Length: > 0 } connection && TelemetryCheck.IsConnectionString(
            connection);
        if (!isToCollector && !isToInsights)
        {
            return builder;
        }
        var telemetry = builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddSource(Traces.SourceName))
            .WithMetrics(metrics => metrics.AddMeter(NotifyMetrics.MeterName));
        telemetry.UseFunctionsWorkerDefaults();
        if (isToCollector)
        {
            telemetry.UseOtlpExporter();
        }
        if (isToInsights)
        {
            telemetry.UseAzureMonitorExporter(insights =>
            {
                insights.ConnectionString = builder.Configuration[ApplicationInsights];
                insights.Credential = builder.Configuration[ApplicationInsightsSignIn] is { Length: > 0 } signIn
                    ? IdentityOf(signIn)
                    : null;
            });
            // Not by OTEL_TRACES_SAMPLER: that one is for the Functions host, which has a trace for every look into a queue.
            builder.Services.AddOptions<AzureMonitorExporterOptions>()
                .Configure<IOptions<TelemetryOptions>>((insights, telemetry) => insights.TracesPerSecond = telemetry.Value.TracesPerSecond);
        }
        return builder;
    }

    private static TokenCredential IdentityOf(string signIn) => AzureIdentity.Create(
        signIn.Split(';').Select(part => part.Split('=', 2))
            .Where(part => part is [var name, _] && name.Trim().Equals("ClientId", StringComparison.OrdinalIgnoreCase))
            .Select(part => part[1].Trim()).FirstOrDefault());
}
