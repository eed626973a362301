using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Notify.Functions.Host;

namespace Notify.Functions.Tests.Telemetry;

public sealed class TracesLimitTests
{
    [Theory]
    [InlineData(null, 5)]
    [InlineData("20", 20)]
    public void The_app_has_its_own_limit_of_traces_whatever_the_Functions_host_is_told(string? limit, double expected)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [TelemetryRegistration.ApplicationInsights] = "InstrumentationKey=00000000-0000-0000-0000-000000000000",
            ["OTEL_TRACES_SAMPLER"] = "microsoft.rate_limited",
            ["OTEL_TRACES_SAMPLER_ARG"] = "0.2",
        });
        if (limit is not null)
        {
            builder.Configuration["Notify:Telemetry:TracesPerSecond"] = limit;
        }
        builder.AddTelemetry();
        using var app = builder.Build();

        Assert.Equal(expected, app.Services.GetRequiredService<IOptions<AzureMonitorExporterOptions>>().Value.TracesPerSecond);
    }
}
