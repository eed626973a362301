using Notify.Bench.World;
using Notify.LocalHost.Backends;

namespace Notify.Bench.Prove;

/// <summary>What stands between one process and the storage's tables and queues.</summary>
internal sealed class StorageProxies(AzuriteServer storage) : IAsyncDisposable
{
    private readonly TcpProxy _tables = TcpProxy.Before(storage.TableAddress);
    private readonly TcpProxy _queues = TcpProxy.Before(storage.QueueAddress);

    /// <summary>The connection string by way of them.</summary>
    public string Address => storage.Address
        .Replace(storage.TableAddress, _tables.Address, StringComparison.Ordinal)
        .Replace(storage.QueueAddress, _queues.Address, StringComparison.Ordinal);

    /// <summary>Whether what is asked is done, and its answers are lost.</summary>
    public bool LosesAnswers
    {
        set => (_tables.LosesAnswers, _queues.LosesAnswers) = (value, value);
    }

    /// <summary>How long every answer is on its way.</summary>
    public TimeSpan AnswerDelay
    {
        set => (_tables.AnswerDelay, _queues.AnswerDelay) = (value, value);
    }

    public void Cut()
    {
        _tables.Cut();
        _queues.Cut();
    }

    public void Restore()
    {
        _tables.Restore();
        _queues.Restore();
    }

    public async ValueTask DisposeAsync()
    {
        await _tables.DisposeAsync();
        await _queues.DisposeAsync();
    }
}
