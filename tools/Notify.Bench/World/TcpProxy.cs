using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Notify.LocalHost.Backends;

namespace Notify.Bench.World;

/// <summary>Stands between a client and a backend that goes on undisturbed, and cuts the one off from the other in several ways.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Connection, bool> _connections = new();
    private readonly string _host;
    private readonly int _port;
    private readonly bool _isKafka;
    private readonly PortGuard _own = new();
    private readonly Lock _lock = new();
    private TcpListener? _listener;
    private int _cuts;

    private TcpProxy(string target, bool isKafka)
    {
        var parts = target.Split(':');
        (_host, _port, _isKafka) = (parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture), isKafka);
        Listen();
    }

    /// <summary>Where clients connect to instead.</summary>
    public string Address => $"127.0.0.1:{_own.Port}";

    /// <summary>Before a server that clients are only ever told about by the address they were given.</summary>
    public static TcpProxy Before(string address) => new(address, isKafka: false);

    /// <summary>Before a Kafka broker: its answers name the address to go on with, and get the proxy's instead.</summary>
    public static TcpProxy BeforeKafka(string address) => new(address, isKafka: true);

    /// <summary>Breaks every connection and refuses new ones, as a server that is gone does.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            _cuts++;
            _listener?.Stop();
            _listener = null;
        }
        foreach (var connection in _connections.Keys)
        {
            connection.Dispose();
        }
    }

    /// <summary>Lets clients connect again, once every cut is over: outages may overlap.</summary>
    public void Restore()
    {
        lock (_lock)
        {
            if (--_cuts == 0)
            {
                Listen();
            }
        }
    }

    private void Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, _own.Port);
        listener.Start();
        _listener = listener;
        _ = AcceptAsync(listener);
    }

    /// <summary>
    /// Lets nothing through on the connections there are, without a word to either end, as a dead network does. New ones work.
    /// </summary>
    public void Silence()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.IsSilent = true;
        }
    }

    /// <summary>How long every answer is on its way.</summary>
    public TimeSpan AnswerDelay { get; set; }

    /// <summary>
    /// Lets requests through and breaks the connection where an answer is on its way: whether it was done, the client cannot know.
    /// </summary>
    public bool LosesAnswers { get; set; }

    public ValueTask DisposeAsync()
    {
        Cut();
        _own.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        while (ReferenceEquals(_listener, listener))
        {
            try
            {
                _ = ServeAsync(await listener.AcceptTcpClientAsync());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // Cut; or a client that has died while it connected, and others come.
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        // The mock broker does not read from a member that waits for its group, so of one that says goodbye it sees nothing: it has to be
        // reset.
        using var server = new TcpClient();
        if (_isKafka)
        {
            server.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        using var connection = new Connection(client, server);
        _connections[connection] = true;
        try
        {
            await connection.Server.ConnectAsync(_host, _port);
            var (up, down) = (connection.Server.GetStream(), client.GetStream());
            await Task.WhenAny(
                PumpAsync(down, up, connection, isAnswer: false),
                _isKafka ? PumpAnswersAsync(up, down, connection) : PumpAsync(up, down, connection, isAnswer: true));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // One end is gone; the other follows.
        }
        finally
        {
            _connections.TryRemove(connection, out _);
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, Connection connection, bool isAnswer)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReadAsync(buffer) is > 0 and var count && !(isAnswer && LosesAnswers))
        {
            if (!connection.IsSilent)
            {
                if (isAnswer && AnswerDelay > TimeSpan.Zero)
                {
                    await Task.Delay(AnswerDelay, TimeProvider.System, CancellationToken.None);
                }
                await to.WriteAsync(buffer.AsMemory(0, count));
            }
        }
    }

    private async Task PumpAnswersAsync(NetworkStream from, NetworkStream to, Connection connection)
    {
        while (true)
        {
            var frame = await FrameAsync(from);
            Readdress(frame);
            if (LosesAnswers)
            {
                return;
            }
            if (!connection.IsSilent)
            {
                await to.WriteAsync(frame);
            }
        }
    }

    private static async Task<byte[]> FrameAsync(NetworkStream from)
    {
        var length = new byte[4];
        await from.ReadExactlyAsync(length);
        var frame = new byte[4 + BinaryPrimitives.ReadInt32BigEndian(length)];
        length.CopyTo(frame, 0);
        await from.ReadExactlyAsync(frame.AsMemory(4));
        return frame;
    }

    /// <summary>In metadata and coordinators a port follows its host at once, as four bytes.</summary>
    private void Readdress(Span<byte> frame)
    {
        Span<byte> announced = [.. Encoding.ASCII.GetBytes(_host), 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(announced[^4..], _port);
        for (var at = frame.IndexOf(announced); at >= 0; at = frame.IndexOf(announced))
        {
            BinaryPrimitives.WriteInt32BigEndian(frame[(at + _host.Length)..], _own.Port);
        }
    }

    private sealed class Connection(TcpClient client, TcpClient server) : IDisposable
    {
        private volatile bool _isSilent;

        public TcpClient Server => server;

        public bool IsSilent
        {
            get => _isSilent;
            set => _isSilent = value;
        }

        public void Dispose()
        {
            client.Dispose();
            server.Dispose();
        }
    }
}
