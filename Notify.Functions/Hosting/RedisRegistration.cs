using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Notify.Functions.Dispatch;

namespace Notify.Functions.Hosting;

/// <summary>Redis in the app.</summary>
public static class RedisRegistration
{
    /// <summary>
    /// Keeps what is fast and shared in Redis (section <c>Notify:Redis</c>). Where an <see cref="IDedupCache"/> is registered already,
    /// that one stays.
    /// </summary>
    public static IHostApplicationBuilder AddRedis(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddCheckedOptions<RedisOptions>(RedisOptions.SectionName);
        services.AddSingleton<IValidateOptions<RedisOptions>>(new RedisOptionsCheck(services.Uses<IDedupCache, RedisDedupCache>));
        services.TryAddSingleton(TimeProvider.System);
        services.AddAzureIdentity();
        services.TryAddSingleton<RedisConnector>();
        services.TryAddSingleton<RedisConnection>();
        services.TryAddSingleton<IDedupCache, RedisDedupCache>();
        return builder;
    }
}
