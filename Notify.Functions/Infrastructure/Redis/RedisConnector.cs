using Azure.Core;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Notify.Functions.Infrastructure.Redis;

/// <summary>Opens connections to Redis: by connection string, or by Microsoft Entra.</summary>
internal sealed class RedisConnector(IOptions<RedisOptions> options, TokenCredential credential)
{
    /// <summary>
    /// Comes back with a multiplexer after at most the connect time limit, connected or not: one that is not goes on trying by itself.
    /// </summary>
    public async Task<ConnectionMultiplexer> ConnectAsync() => await ConnectionMultiplexer.ConnectAsync(await ConfigureAsync());

    private async Task<ConfigurationOptions> ConfigureAsync()
    {
        var settings = options.Value;
        var byEntra = string.IsNullOrWhiteSpace(settings.ConnectionString);
        var configuration = ConfigurationOptions.Parse((byEntra ? settings.Endpoint : settings.ConnectionString) ?? "");
        configuration.AbortOnConnectFail = false;
        configuration.ClientName = "notify";
        configuration.ConnectTimeout = (int)settings.ConnectTimeout.TotalMilliseconds;
        configuration.SyncTimeout = (int)settings.CommandTimeout.TotalMilliseconds;
        configuration.ConnectRetry = 1;
        configuration.KeepAlive = 10;

        // The heartbeat looks once a second; from there on every attempt waits no longer than this.
        configuration.ReconnectRetryPolicy = new LinearRetry(500);
        return byEntra ? await configuration.ConfigureForAzureWithTokenCredentialAsync(credential) : configuration;
    }
}
