using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Notify.Functions.Hosting.Health;

/// <summary>Health in the app.</summary>
public static class HealthRegistration
{
    /// <summary>Adds what every host has; a backend adds what only it has.</summary>
    public static IHostApplicationBuilder AddHealth(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Backlog>()
            .AddSingleton<IDependency, TablesDependency>().AddSingleton<IDependency, QueuesDependency>().AddSingleton<IDependency, BrokerDependency>();
        return builder;
    }
}
