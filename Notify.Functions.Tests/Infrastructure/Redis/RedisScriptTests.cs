using System.Net.Sockets;
using Notify.Functions.Infrastructure.Redis;
using Notify.Functions.Tests.Backends;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Infrastructure.Redis;

public sealed class RedisScriptTests
{
    private readonly RedisScript _script = new("return redis.call('INCRBY', KEYS[1], ARGV[1])");
    private readonly string _key = Guid.NewGuid().ToString("N");

    [SkippableFact]
    public async Task Runs_and_runs_again_when_somebody_has_flushed_the_server_s_scripts()
    {
        var address = (await RealBackends.RedisAsync()).Address;
        using var client = new RedisClient(address, options => options.CommandTimeout = Patience.Limit);
        Assert.Equal(2, await AddAsync(client, 2));

        await FlushAsync(address);

        Assert.Equal(5, await AddAsync(client, 3));
        Assert.Equal(9, await AddAsync(client, 4));
    }

    [Fact]
    public void Says_which_script_is_not_there()
    {
        var fault = Assert.Throws<InvalidOperationException>(() => RedisScript.Beside<RedisConnection>("Nothing"));

        Assert.Contains("Notify.Functions.Infrastructure.Redis.Nothing.lua", fault.Message, StringComparison.Ordinal);
    }

    private static async Task FlushAsync(string address)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Split(':')[0], int.Parse(address.Split(':')[1]));
        await client.GetStream().WriteAsync("SCRIPT FLUSH\r\n"u8.ToArray());
        var answer = new byte[5];
        await client.GetStream().ReadExactlyAsync(answer);
        Assert.Equal("+OK\r\n"u8.ToArray(), answer);
    }

    private async Task<long> AddAsync(RedisClient client, int number) =>
        (long)await client.Connection.RunAsync(database => _script.RunAsync(database, [_key], [number]), CancellationToken.None);
}
