using System.Net;
using System.Net.Sockets;
using Notify.Bench.World;
using Notify.LocalHost.Backends;

namespace Notify.Functions.Tests.LocalHost.Backends;

public sealed class PortGuardTests
{
    [Fact]
    public async Task A_server_comes_and_goes_on_its_port_and_meanwhile_connections_are_refused()
    {
        using var guard = new PortGuard();
        for (var times = 0; times < 3; times++)
        {
            Assert.False(await CanConnectAsync(guard.Port));
            using var server = new TcpListener(IPAddress.Loopback, guard.Port);
            server.Start();
            Assert.True(await CanConnectAsync(guard.Port));
        }
    }

    [Fact]
    public async Task A_proxy_that_is_cut_refuses_connections_and_is_back_on_its_port()
    {
        using var target = new TcpListener(IPAddress.Loopback, 0);
        target.Start();
        await using var proxy = TcpProxy.Before($"127.0.0.1:{((IPEndPoint)target.LocalEndpoint).Port}");
        var port = int.Parse(proxy.Address.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
        proxy.Cut();
        Assert.False(await CanConnectAsync(port));

        proxy.Restore();

        Assert.True(await CanConnectAsync(port));
    }

    [Fact]
    public async Task A_proxy_that_is_cut_twice_is_back_when_both_are_over()
    {
        using var target = new TcpListener(IPAddress.Loopback, 0);
        target.Start();
        await using var proxy = TcpProxy.Before($"127.0.0.1:{((IPEndPoint)target.LocalEndpoint).Port}");
        var port = int.Parse(proxy.Address.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
        proxy.Cut();
        proxy.Cut();

        proxy.Restore();
        Assert.False(await CanConnectAsync(port));
        proxy.Restore();

        Assert.True(await CanConnectAsync(port));
    }

    private static async Task<bool> CanConnectAsync(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
