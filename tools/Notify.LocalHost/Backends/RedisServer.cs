using System.Globalization;
using System.Net.Sockets;
using Notify.LocalHost.Processes;

namespace Notify.LocalHost.Backends;

/// <summary>A <c>redis-server</c> without persistence: what it held is gone when it stops.</summary>
internal sealed class RedisServer : BackendServer
{
    private readonly PortGuard _port = new();

    internal RedisServer(string folder)
        : base(folder, "redis-server")
    {
    }

    /// <inheritdoc/>
    public override string Address => FormattableString.Invariant($"127.0.0.1:{_port.Port}");

    /// <summary>What is missing to start one, with how to get it; <see langword="null"/> where nothing is.</summary>
    public static string? Missing() => Programs.Find("redis-server") is null
        ? "redis-server is not installed: apt-get install redis-server."
        : null;

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _port.Dispose();
    }

    private protected override IEnumerable<string> Command(string folder) =>
        ["redis-server", "--port", _port.Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly",
            "no", "--dir", folder];

    private protected override async Task<bool> AnswersAsync(string output, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", _port.Port, cancellationToken);
            await client.GetStream().WriteAsync("PING\r\n"u8.ToArray(), cancellationToken);
            var answer = new byte[5];
            await client.GetStream().ReadExactlyAsync(answer, cancellationToken);
            return answer.AsSpan().SequenceEqual("+PONG"u8);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }
}
