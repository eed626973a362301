using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Notify.Functions.Dispatch.Deduplication;
using Notify.Functions.Health;
using Notify.Functions.Infrastructure.Configuration;
using Notify.Functions.Infrastructure.Redis;
using Notify.Functions.Sending.Throttling;

namespace Notify.Functions.Host;

/// <summary>Redis in the app.</summary>
internal static class RedisRegistration
{
    /// <summary>
    /// Keeps what is fast and shared in Redis (section <c>Notify:Redis</c>); where it is has to be set.
    /// </summary>
    public static IHostApplicationBuilder AddRedis(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddCheckedOptions<RedisOptions>(RedisOptions.SectionName);
        services.AddSingleton<IValidateOptions<RedisOptions>, RedisOptionsCheck>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddAzureIdentity();
        services.TryAddSingleton<RedisConnector>();
        services.TryAddSingleton<RedisConnection>();
        services.AddSingleton<IDispatchCache, RedisDedupCache>();
        services.AddSingleton<IProviderThrottle, RedisProviderThrottle>();
        services.AddDependency<RedisDependency>("redis", HealthStatus.Degraded);
        return builder;
    }
}
