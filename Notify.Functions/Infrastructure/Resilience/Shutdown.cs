using Microsoft.Extensions.Hosting;

namespace Notify.Functions.Infrastructure.Resilience;

/// <summary>
/// How this process ends. Once it is asked to, it claims nothing any more; what it has claimed is sent and written down before it goes. The
/// Functions host gives a worker about five seconds for that; what takes longer is dealt with as after a death.
/// </summary>
public sealed class Shutdown(IHostApplicationLifetime lifetime) : IHostedLifecycleService
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _inHand;
    private bool _isAwaited;

    /// <summary>
    /// Ends work that has claimed nothing yet, where the process is to end: its message comes again, for another process.
    /// </summary>
    /// <exception cref="StoppingException">The process is to end.</exception>
    public void ThrowIfStopping()
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new StoppingException();
        }
    }

    /// <summary>Begins what is not to be left half done. The process waits until the result is disposed of.</summary>
    /// <exception cref="StoppingException">The process is to end; nothing has begun.</exception>
    internal IDisposable Begin()
    {
        lock (_lock)
        {
            ThrowIfStopping();
            _inHand++;
        }
        return new InHand(this);
    }

    /// <summary>Waits for what has begun. Nothing else has been stopped yet, so it finds all that it needs.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_inHand == 0)
            {
                return;
            }
            _isAwaited = true;
        }
        try
        {
            await _finished.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Out of time.
        }
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void End()
    {
        lock (_lock)
        {
            if (--_inHand == 0 && _isAwaited)
            {
                _finished.TrySetResult();
            }
        }
    }

    private sealed class InHand(Shutdown shutdown) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                shutdown.End();
            }
        }
    }
}

/// <summary>Work was not begun, because the process is to end. It comes again.</summary>
internal sealed class StoppingException() : Exception("This process is stopping; the message comes again.");
