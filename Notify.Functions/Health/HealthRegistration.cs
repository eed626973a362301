using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Notify.Functions.Health;

/// <summary>Health in the app.</summary>
internal static class HealthRegistration
{
    /// <summary>How long a dependency, and all that waits, may take to answer.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>Adds what every host has; a backend adds what only it has.</summary>
    public static IHostApplicationBuilder AddHealth(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Backlog>()
            .AddSingleton<HealthSnapshots>()
            .AddDependency<TablesDependency>("tables", HealthStatus.Unhealthy)
            .AddDependency<QueuesDependency>("queues", HealthStatus.Unhealthy)
            .AddDependency<BrokerDependency>("kafka", HealthStatus.Unhealthy)
            .AddDependency<ProvidersDependency>("providers", HealthStatus.Degraded);
        return builder;
    }

    /// <summary>Adds something that the service needs.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="name">Its name, as health tells it.</param>
    /// <param name="without">What the service is where it is away: degraded is slower, not wrong.</param>
    internal static IServiceCollection AddDependency<T>(this IServiceCollection services, string name, HealthStatus without)
        where T : class, IHealthCheck
    {
        services.AddHealthChecks().AddCheck<T>(name, without, tags: [], Limit);
        return services;
    }
}
