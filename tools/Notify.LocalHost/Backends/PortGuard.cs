using System.Net;
using System.Net.Sockets;

namespace Notify.LocalHost.Backends;

/// <summary>
/// Keeps a free port of this machine for a server that listens there now and then. While it does not, connections are refused, as they are
/// where nobody is; and the system gives the port to nobody else, be it as the near end of a connection, which could keep the server from
/// coming back.
/// </summary>
internal sealed class PortGuard : IDisposable
{
    private readonly Socket _bound = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public PortGuard()
    {
        _bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Port = ((IPEndPoint)_bound.LocalEndPoint!).Port;
        // Elsewhere a bound socket would keep the server out too; there the port is only likely to stay free.
        if (!OperatingSystem.IsLinux())
        {
            _bound.Dispose();
        }
    }

    /// <summary>The port.</summary>
    public int Port { get; }

    /// <summary>Lets the port go.</summary>
    public void Dispose() => _bound.Dispose();
}
