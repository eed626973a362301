using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Notify.Functions.Infrastructure.Redis;

/// <summary>
/// The one connection of the process to Redis. Made on first use, so that the app starts without Redis; every call has a time limit, and
/// fails at once while there is no connection; what went silent is replaced.
/// </summary>
internal sealed partial class RedisConnection(
    RedisConnector connector, IOptions<RedisOptions> options, TimeProvider time, ILogger<RedisConnection> logger) : IDisposable
{
    private readonly RedisOptions _options = options.Value;
    private readonly Lock _gate = new();
    private Task<ConnectionMultiplexer>? _connection;
    private long? _failingSince;

    /// <summary>
    /// Runs commands of one round trip. They go out together, in order, when <paramref name="commands"/> starts them without awaiting in
    /// between.
    /// </summary>
    /// <exception cref="TimeoutException">No answer within <see cref="RedisOptions.CommandTimeout"/>; the commands may still be carried
    /// out.</exception>
    /// <exception cref="IOException">Not connected.</exception>
    /// <exception cref="RedisException">The connection broke, or the server refused.</exception>
    public async Task<T> RunAsync<T>(Func<IDatabase, Task<T>> commands, CancellationToken cancellationToken)
    {
        var connection = Connection();
        try
        {
            var answer = await RunAsync(connection, commands).WaitAsync(_options.CommandTimeout, time, cancellationToken);
            Answered();
            return answer;
        }
        catch (RedisServerException)
        {
            // Refused, but by a server that is there.
            Answered();
            throw;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException("The connection to Redis was replaced.", e);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Failed(connection);
            throw;
        }
    }

    /// <summary>Disconnects, without waiting for answers still on their way.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            Abandon(_connection);
            _connection = null;
        }
    }

    private static async Task<T> RunAsync<T>(Task<ConnectionMultiplexer> connection, Func<IDatabase, Task<T>> commands)
    {
        var multiplexer = await connection;

        // Newer versions of the client would keep the commands until the time limit, in case the connection comes back.
        return multiplexer.IsConnected
            ? await commands(multiplexer.GetDatabase())
            : throw new IOException("There is no connection to Redis.");
    }

    private static void Abandon(Task<ConnectionMultiplexer>? connection) => _ = connection?.ContinueWith(
        static made => made.GetAwaiter().GetResult().Dispose(),
        CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);

    private Task<ConnectionMultiplexer> Connection()
    {
        lock (_gate)
        {
            if (_connection is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _connection = Task.Run(connector.ConnectAsync);
            }
            return _connection;
        }
    }

    private void Answered()
    {
        lock (_gate)
        {
            _failingSince = null;
        }
    }

    private void Failed(Task<ConnectionMultiplexer> connection)
    {
        lock (_gate)
        {
            _failingSince ??= time.GetTimestamp();
            if (_connection != connection || time.GetElapsedTime(_failingSince.Value) < _options.ReplaceConnectionAfter)
            {
                return;
            }
            (_connection, _failingSince) = (null, null);
        }
        Replacing(logger, _options.ReplaceConnectionAfter);
        Abandon(connection);
    }

    [LoggerMessage(9201, LogLevel.Warning, "Redis has not answered for {Silence}: making a new connection.")]
    private static partial void Replacing(ILogger logger, TimeSpan silence);
}
