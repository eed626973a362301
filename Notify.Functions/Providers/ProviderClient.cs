using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Notify.Functions.Providers;

/// <summary>The HTTP client of one provider.</summary>
internal static class ProviderClient
{
    /// <summary>
    /// How long connecting may take. A host that does not answer at all is provably not sent to, and must show as that instead of using
    /// up the chunk's deadline.
    /// </summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a connection may lie idle: less than the 60 s after which common load balancers close one. A server that closes while
    /// we begin to write leaves an ambiguous send.
    /// </summary>
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection is used; a changed DNS entry is seen after that.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Registers the provider's client and a keyed <see cref="ProviderHttp"/> over it. The senders are singletons and keep their client:
    /// the handler renews its own connections, so it is never exchanged.
    /// </summary>
    public static void AddProviderClient(this IServiceCollection services, string provider, Func<IServiceProvider, Uri> baseAddress)
    {
        services.AddHttpClient(ClientName(provider), (container, client) =>
            {
                client.BaseAddress = WithSlash(baseAddress(container));
                client.Timeout = Timeout.InfiniteTimeSpan; // The send path gives a deadline.
            })
            .UseSocketsHttpHandler((handler, container) =>
            {
                handler.UseProxy = !baseAddress(container).IsLoopback; // A machine's proxy knows no sandbox beside us.
                handler.AllowAutoRedirect = false;
                handler.UseCookies = false;
                handler.ConnectTimeout = ConnectTimeout;
                handler.PooledConnectionIdleTimeout = IdleTimeout;
                handler.PooledConnectionLifetime = ConnectionLifetime;
                // Our trace ids are not the provider's business.
                handler.ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator();
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers(); // They write addresses: a provider may have an account or a device in its path.

        services.AddKeyedSingleton(provider, (container, _) => new ProviderHttp(
            container.GetRequiredService<IHttpClientFactory>().CreateClient(ClientName(provider)),
            container.GetService<TimeProvider>() ?? TimeProvider.System));
    }

    private static string ClientName(string provider) => "provider-" + provider;

    /// <summary>A base address without the slash at its end would lose its last segment to a relative address.</summary>
    private static Uri WithSlash(Uri address) => address.AbsolutePath.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
}
