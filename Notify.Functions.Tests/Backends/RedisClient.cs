using Azure.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;
using Notify.Functions.Infrastructure.Redis;

namespace Notify.Functions.Tests.Backends;

/// <summary>The production connection to a Redis of the tests.</summary>
internal sealed class RedisClient : IDisposable
{
    public RedisClient(string address, Action<RedisOptions>? configure = null)
    {
        var settings = new RedisOptions { ConnectionString = address };
        configure?.Invoke(settings);
        var options = Options.Create(settings);
        Connection = new RedisConnection(
            new RedisConnector(options, Mock.Of<TokenCredential>()), options, TimeProvider.System, NullLogger<RedisConnection>.Instance);
    }

    public RedisConnection Connection { get; }

    public void Dispose() => Connection.Dispose();
}
