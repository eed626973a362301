namespace Notify.Functions.Hosting.Health;

/// <summary>Redis: without it instances keep limits of their own, and the ledger alone finds duplicates.</summary>
internal sealed class RedisDependency(RedisConnection redis) : IDependency
{
    public string Name => "redis";

    public bool IsRequired => false;

    public Task ProbeAsync(CancellationToken cancellationToken) => redis.RunAsync(database => database.PingAsync(), cancellationToken);
}
