using System.Collections.Concurrent;
using System.Threading.Channels;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.LocalHost.Runtime;

/// <summary>What sample functions call: it records every call, lets a test wait for the next one, and behaves as the test says.</summary>
internal sealed class Probe(TimeProvider clock)
{
    private readonly Channel<ProbeCall> _calls = Channel.CreateUnbounded<ProbeCall>();
    private int _running;

    /// <summary>What a call does after it has been recorded; by default nothing.</summary>
    public Func<ProbeCall, Task> Behaviour { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Every call so far.</summary>
    public ConcurrentQueue<ProbeCall> Calls { get; } = new();

    /// <summary>The most calls that were running at the same time.</summary>
    public int MostAtOnce { get; private set; }

    public async Task RunAsync(object value, CancellationToken cancellationToken)
    {
        var call = new ProbeCall(Calls.Count + 1, clock.GetUtcNow(), value, cancellationToken);
        Calls.Enqueue(call);
        var running = Interlocked.Increment(ref _running);
        lock (_calls)
        {
            MostAtOnce = Math.Max(MostAtOnce, running);
        }
        _calls.Writer.TryWrite(call);
        try
        {
            await Behaviour(call);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    /// <summary>The next call that nobody has waited for yet.</summary>
    public async Task<ProbeCall> NextAsync() => await _calls.Reader.ReadAsync().AsTask().WaitAsync(Patience.Limit);

    /// <summary>
    /// The next call of a listener that looks at least every <paramref name="interval"/>: moves the clock from look to look until it comes.
    /// </summary>
    public async Task<ProbeCall> NextAsync(ManualClock clock, TimeSpan interval)
    {
        while (IsQuiet)
        {
            await clock.WaitForTimerWithinAsync(interval);
            if (IsQuiet)
            {
                clock.Advance(interval);
            }
        }
        return await NextAsync();
    }

    /// <summary>Whether there is no call that nobody has waited for.</summary>
    public bool IsQuiet => !_calls.Reader.TryPeek(out _);
}

/// <summary>A call of a sample function.</summary>
internal sealed record ProbeCall(int Number, DateTimeOffset At, object Value, CancellationToken CancellationToken);
