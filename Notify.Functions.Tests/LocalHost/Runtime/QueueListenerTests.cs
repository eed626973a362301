using System.Text;
using Microsoft.Extensions.Logging;
using Moq;
using Notify.Functions.Tests.Harness;
using Notify.LocalHost.Runtime.Catalog;
using Notify.LocalHost.Runtime.Queues;

namespace Notify.Functions.Tests.LocalHost.Runtime;

public sealed class QueueListenerTests : IAsyncDisposable
{
    private const string Queue = "sample-text";
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly QueueTriggerOptions Options = new()
    {
        BatchSize = 16,
        NewBatchThreshold = 8,
        MaxPollingInterval = TimeSpan.FromMilliseconds(400),
        VisibilityTimeout = TimeSpan.FromSeconds(30),
        MaxDequeueCount = 3,
    };

    private readonly SampleRuntime _host = new();

    [Fact]
    public async Task Hands_over_a_message_and_deletes_it()
    {
        await SendAsync("сообщение");
        Listen("Text", Options);

        Assert.Equal("сообщение", (await _host.Probe.NextAsync()).Value);
        await _host.StopAsync();

        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task Hands_over_binary_data_and_bytes_where_they_are_asked_for()
    {
        await _host.Backends.Queues.SendAsync("sample-binary", "binary", TimeSpan.Zero, CancellationToken.None);
        await _host.Backends.Queues.SendAsync("sample-bytes", "bytes", TimeSpan.Zero, CancellationToken.None);

        Listen("Binary", Options);
        Assert.Equal("binary", Assert.IsType<BinaryData>((await _host.Probe.NextAsync()).Value).ToString());
        Listen("Bytes", Options);
        Assert.Equal("bytes", Encoding.UTF8.GetString(Assert.IsType<byte[]>((await _host.Probe.NextAsync()).Value)));
    }

    [Fact]
    public async Task Looks_again_at_once_as_long_as_it_finds_something()
    {
        for (var i = 0; i < 100; i++)
        {
            await SendAsync($"m{i}");
        }
        Listen("Text", Options);

        // The clock stands still: a wait in between would last for ever.
        for (var i = 0; i < 100; i++)
        {
            await _host.Probe.NextAsync();
        }
    }

    [Fact]
    public async Task Waits_longer_and_longer_while_it_finds_nothing()
    {
        Listen("Text", Options);
        foreach (var milliseconds in new[] { 100, 200, 400, 400 })
        {
            await _host.Clock.WaitForTimerAsync(TimeSpan.FromMilliseconds(milliseconds));
            _host.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        }
        await _host.Clock.WaitForTimerAsync(TimeSpan.FromMilliseconds(400));
        await SendAsync("m");
        _host.Clock.Advance(TimeSpan.FromMilliseconds(400));
        await _host.Probe.NextAsync();

        await _host.Clock.WaitForTimerAsync(FirstWait);
    }

    [Fact]
    public async Task Lets_a_failed_message_rest_and_moves_it_to_the_poison_queue_at_the_end()
    {
        _host.Probe.Behaviour = static _ => throw new IOException("bad");
        await SendAsync("m");
        var source = Watch();
        Listen("Text", Options, source);
        var last = DateTimeOffset.UnixEpoch;

        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var at = (await NextByLookingAsync()).At;
            Assert.True(at >= last + Options.VisibilityTimeout);
            last = at;
            Assert.Equal(attempt == 3 ? "move" : "release", await source.NextAsync());
        }
        await _host.StopAsync();

        Assert.Equal(3, _host.Probe.Calls.Count);
        Assert.Equal((0, 1), (await CountAsync(), await CountAsync(Queue + "-poison")));
        Assert.Contains(_host.Log.Messages(LogLevel.Error), m =>
            m.Contains("moved to sample-text-poison after 3 tries", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Moves_a_message_whose_holders_died_too_often_to_the_poison_queue_without_running_it()
    {
        await SendAsync("m");
        for (var i = 0; i < Options.MaxDequeueCount; i++)
        {
            Assert.Single(await _host.Backends.Queues.ReceiveAsync(Queue, 1, Options.Lease, CancellationToken.None));
            _host.Clock.Advance(Options.Lease);
        }
        var source = Watch();

        Listen("Text", Options, source);

        Assert.Equal("move", await source.NextAsync());
        Assert.Empty(_host.Probe.Calls);
        Assert.Equal((0, 1), (await CountAsync(), await CountAsync(Queue + "-poison")));
    }

    [Fact]
    public async Task Leaves_a_failed_message_of_a_poison_queue_hidden_until_its_lease_ends()
    {
        _host.Probe.Behaviour = static call => call.Number <= 4 ? throw new IOException("bad") : Task.CompletedTask;
        await _host.Backends.Queues.SendAsync(Queue + "-poison", "m", TimeSpan.Zero, CancellationToken.None);
        var source = Watch();
        Listen("Poison", Options with { Lease = TimeSpan.FromMinutes(2) }, source);
        var last = DateTimeOffset.UnixEpoch;

        for (var i = 0; i < 5; i++)
        {
            var at = (await NextByLookingAsync()).At;
            // The lease began with the look, which may lie a step of the clock before the call.
            Assert.True(at >= last + TimeSpan.FromMinutes(2) - Options.MaxPollingInterval);
            last = at;
        }

        Assert.Equal("delete", await source.NextAsync());
        Assert.Equal(0, await CountAsync(Queue + "-poison"));
    }

    [Fact]
    public async Task Keeps_a_message_from_others_for_as_long_as_the_function_takes()
    {
        var goOn = new TaskCompletionSource();
        _host.Probe.Behaviour = _ => goOn.Task;
        await SendAsync("m");
        Listen("Text", Options);
        await _host.Probe.NextAsync();

        for (var i = 0; i < 6; i++)
        {
            await _host.Clock.WaitForTimerAsync(Options.Lease / 2);
            _host.Clock.Advance(Options.Lease / 2);
            Assert.Empty(await _host.Backends.Queues.ReceiveAsync(Queue, 1, Options.Lease, CancellationToken.None));
        }
        goOn.SetResult();
        await _host.StopAsync();

        Assert.Single(_host.Probe.Calls);
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task Deletes_nothing_that_another_has_received_meanwhile()
    {
        var source = new Mock<IQueueSource>();
        var received = new QueueLease(Queue, "1", "old", Body(), 1, default);
        source.SetupSequence(s => s.ReceiveAsync(Queue, 16, Options.Lease, It.IsAny<CancellationToken>())).ReturnsAsync([received])
            .ReturnsAsync([]);
        source.Setup(s => s.RenewAsync(received, Options.Lease, It.IsAny<CancellationToken>())).ReturnsAsync((QueueLease?)null);
        var goOn = new TaskCompletionSource();
        _host.Probe.Behaviour = _ => goOn.Task;
        Listen("Text", Options, source.Object);
        await _host.Probe.NextAsync();
        await _host.Clock.WaitForTimerAsync(Options.Lease / 2);
        _host.Clock.Advance(Options.Lease / 2);
        goOn.SetResult();
        await _host.StopAsync();

        source.Verify(s => s.DeleteAsync(received, It.IsAny<CancellationToken>()), Times.Once);
        Assert.Contains(_host.Log.Messages(LogLevel.Warning), m => m.Contains("is lost", StringComparison.Ordinal));
        Assert.Contains(_host.Log.Messages(LogLevel.Warning), m => m.Contains("may be done again", StringComparison.Ordinal));
    }

    /// <summary>A worker process that ends refuses what it has not begun: that is nobody's failure.</summary>
    [Fact]
    public async Task Gives_a_message_back_at_once_that_fails_while_the_host_stops()
    {
        await SendAsync("m");
        var goOn = new TaskCompletionSource();
        _host.Probe.Behaviour = _ => goOn.Task;
        Listen("Text", Options with { MaxDequeueCount = 1 });
        await _host.Probe.NextAsync();

        var stopping = _host.StopAsync();
        goOn.SetException(new IOException("stopping"));
        await stopping;

        Assert.Equal(2, Assert.Single(await _host.Backends.Queues.ReceiveAsync(Queue, 1, Options.Lease,
            CancellationToken.None)).DequeueCount);
        Assert.Empty(_host.Log.Messages(LogLevel.Error));
    }

    [Fact]
    public async Task Deletes_by_the_receipt_of_the_last_renewal()
    {
        await SendAsync("m");
        var goOn = new TaskCompletionSource();
        _host.Probe.Behaviour = _ => goOn.Task;
        Listen("Text", Options);
        await _host.Probe.NextAsync();
        await _host.Clock.WaitForTimerAsync(Options.Lease / 2);
        _host.Clock.Advance(Options.Lease / 2);
        await _host.Clock.WaitForTimerAsync(Options.Lease / 2);
        goOn.SetResult();
        await _host.StopAsync();

        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task Moves_a_message_that_is_no_base64_to_the_poison_queue_at_once()
    {
        var source = new Mock<IQueueSource>();
        var received = new QueueLease(Queue, "1", "r", Body: null, 1, default);
        var moved = new TaskCompletionSource();
        source.SetupSequence(s => s.ReceiveAsync(Queue, 16, Options.Lease, It.IsAny<CancellationToken>())).ReturnsAsync([received])
            .ReturnsAsync([]);
        source.Setup(s => s.MoveAsync(received, Queue + "-poison", It.IsAny<CancellationToken>())).Callback(moved.SetResult)
            .ReturnsAsync(true);

        Listen("Text", Options, source.Object);

        await moved.Task.WaitAsync(Patience.Limit, CancellationToken.None);
        Assert.Empty(_host.Probe.Calls);
    }

    [Fact]
    public async Task Receives_no_more_than_it_may_have_in_hand()
    {
        var goOn = new TaskCompletionSource();
        _host.Probe.Behaviour = _ => goOn.Task;
        for (var i = 0; i < 20; i++)
        {
            await SendAsync($"m{i}");
        }
        Listen("Text", Options with { BatchSize = 3, NewBatchThreshold = 2 });
        for (var i = 0; i < 3; i++)
        {
            await _host.Probe.NextAsync();
        }
        Assert.True(_host.Probe.IsQuiet);
        goOn.SetResult();
        for (var i = 3; i < 20; i++)
        {
            await _host.Probe.NextAsync();
        }
        await _host.StopAsync();

        Assert.InRange(_host.Probe.MostAtOnce, 3, 5);
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task Lets_a_function_that_hangs_delay_no_other()
    {
        var goOn = new TaskCompletionSource();
        _host.Probe.Behaviour = call => call.Value is string ? goOn.Task : Task.CompletedTask;
        for (var i = 0; i < 30; i++)
        {
            await SendAsync("hangs");
            await _host.Backends.Queues.SendAsync("sample-bytes", "runs", TimeSpan.Zero, CancellationToken.None);
        }
        Listen("Text", Options);
        Listen("Bytes", Options);

        var ran = 0;
        while (ran < 30)
        {
            ran += (await _host.Probe.NextAsync()).Value is string ? 0 : 1;
        }
        goOn.SetResult();
    }

    [Fact]
    public async Task Waits_out_a_storage_that_is_away()
    {
        var source = new Mock<IQueueSource>();
        source.SetupSequence(s => s.ReceiveAsync(Queue, 16, Options.Lease, It.IsAny<CancellationToken>()))
            .ThrowsAsync(new IOException("away"))
            .ThrowsAsync(new IOException("away"))
            .ReturnsAsync([new QueueLease(Queue, "1", "r", Body(), 1, default)])
            .ReturnsAsync([]);
        Listen("Text", Options, source.Object);
        foreach (var milliseconds in new[] { 100, 200 })
        {
            await _host.Clock.WaitForTimerAsync(TimeSpan.FromMilliseconds(milliseconds));
            _host.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        }

        await _host.Probe.NextAsync();

        Assert.Single(_host.Log.Messages(LogLevel.Warning), m => m.Contains("cannot be read", StringComparison.Ordinal));
        Assert.Contains("Queue sample-text can be read again, after 2 failed tries", _host.Log.Messages(LogLevel.Information));
    }

    [Fact]
    public async Task Finishes_what_is_in_hand_when_it_is_stopped()
    {
        var goOn = new TaskCompletionSource();
        _host.Probe.Behaviour = _ => goOn.Task;
        await SendAsync("m");
        Listen("Text", Options);
        var call = await _host.Probe.NextAsync();
        await _host.Clock.WaitForTimerAsync(FirstWait);

        var stopping = _host.StopAsync();
        await SendAsync("later");
        Assert.False(call.CancellationToken.IsCancellationRequested);
        Assert.False(stopping.IsCompleted);
        goOn.SetResult();
        await stopping;

        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Gives_what_is_in_hand_back_when_the_time_is_over()
    {
        _host.Probe.Behaviour = static call => Task.Delay(Timeout.InfiniteTimeSpan, call.CancellationToken);
        await SendAsync("m");
        Listen("Text", Options);
        await _host.Probe.NextAsync();

        await _host.AbandonAsync();

        var again = Assert.Single(await _host.Backends.Queues.ReceiveAsync(Queue, 1, Options.Lease, CancellationToken.None));
        Assert.Equal(2, again.DequeueCount);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static ReadOnlyMemory<byte> Body() => Encoding.UTF8.GetBytes("m");

    private WatchedQueueSource Watch() => new(_host.Backends.Queues);

    private Task<ProbeCall> NextByLookingAsync() => _host.Probe.NextAsync(_host.Clock, Options.MaxPollingInterval);

    private void Listen(string name, QueueTriggerOptions options, IQueueSource? source = null)
    {
        var function = _host.Function(name);
        source ??= _host.Backends.Queues;
        var processor = new MessageProcessor(function, _host.Invoker, source, options, _host.Clock, _host.Log);
        _host.Run(new QueueListener((QueueFunctionTrigger)function.Trigger, source, processor, options, _host.Clock, _host.Log));
    }

    private Task SendAsync(string message) => _host.Backends.Queues.SendAsync(Queue, message, TimeSpan.Zero, CancellationToken.None);

    private Task<long> CountAsync(string queue = Queue) => _host.Backends.Queues.CountAsync(queue, CancellationToken.None);
}
