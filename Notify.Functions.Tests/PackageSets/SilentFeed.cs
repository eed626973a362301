using System.Net;
using System.Net.Sockets;

namespace Notify.Functions.Tests.PackageSets;

/// <summary>A feed that takes a connection and never says a word.</summary>
internal sealed class SilentFeed : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public SilentFeed() => _listener.Start();

    public string Address => $"http://{_listener.LocalEndpoint}/v3/index.json";

    /// <summary>The address of a port where nobody listens.</summary>
    public static string ClosedAddress()
    {
        using var feed = new SilentFeed();
        return feed.Address;
    }

    public void Dispose() => _listener.Dispose();
}
