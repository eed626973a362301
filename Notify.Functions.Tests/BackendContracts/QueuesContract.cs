using System.Text;
using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Tests.LocalHost.Runtime;
using Notify.LocalHost.Runtime.Queues;

namespace Notify.Functions.Tests.BackendContracts;

/// <summary>What every pair of <see cref="IQueues"/> and <see cref="IQueueSource"/> over the same queues does.</summary>
public abstract class QueuesContract : IAsyncLifetime
{
    /// <summary>Longer than any test takes.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    private IQueues? _queues;
    private IQueueSource? _source;

    protected IQueues Queues => _queues ?? throw new InvalidOperationException("Not set up.");

    protected IQueueSource Source => _source ?? throw new InvalidOperationException("Not set up.");

    /// <summary>A name that nobody has used.</summary>
    protected string Queue { get; } = $"contract-{Guid.NewGuid():N}";

    public async Task InitializeAsync() => (_queues, _source) = await CreateAsync();

    public virtual Task DisposeAsync() => Task.CompletedTask;

    /// <summary>
    /// Short enough to be waited for, and longer than a look at the queue takes; the queue service counts in whole seconds.
    /// </summary>
    protected virtual TimeSpan Brief => TimeSpan.FromSeconds(2);

    /// <summary>The implementations under test.</summary>
    protected abstract Task<(IQueues Queues, IQueueSource Source)> CreateAsync();

    /// <summary>Lets this much time pass for the queues: moves their clock, or waits.</summary>
    protected abstract Task PassAsync(TimeSpan time);

    [ContractFact]
    public async Task Delivers_what_was_sent()
    {
        await SendAsync("Grüße, мир 🎉 <b>&\"\\\n");

        var lease = Assert.Single(await ReceiveAsync());

        Assert.Equal(Queue, lease.Queue);
        Assert.Equal("Grüße, мир 🎉 <b>&\"\\\n", TextOf(lease));
        Assert.Equal(1, lease.DequeueCount);
        Assert.NotEqual(default, lease.InsertedAt);
    }

    [ContractFact]
    public async Task Delivers_an_empty_message()
    {
        await SendAsync("");

        Assert.Equal("", TextOf(Assert.Single(await ReceiveAsync())));
    }

    [ContractFact]
    public async Task Has_nothing_in_a_queue_that_nobody_has_written_to()
    {
        Assert.Equal(0, await Queues.CountAsync(Queue, CancellationToken.None));
        Assert.Null(await Queues.OldestAsync(Queue, CancellationToken.None));
        Assert.Empty(await ReceiveAsync());
    }

    [ContractFact]
    public async Task Tells_when_the_next_visible_message_was_enqueued_and_leaves_it_there()
    {
        await SendAsync("hidden", Long);
        Assert.Null(await Queues.OldestAsync(Queue, CancellationToken.None));
        await SendAsync("first");
        await PassAsync(Brief);
        await SendAsync("second");

        var oldest = await Queues.OldestAsync(Queue, CancellationToken.None);

        var leases = await ReceiveAsync();
        Assert.Equal(["first", "second"], leases.Select(TextOf));
        Assert.Equal(leases[0].InsertedAt, oldest);
        Assert.Null(await Queues.OldestAsync(Queue, CancellationToken.None));
    }

    [ContractFact]
    public async Task Takes_48_KiB_of_UTF8_and_no_more()
    {
        var longest = new string('я', IQueues.MaxMessageBytes / 2);
        await SendAsync(longest);

        await Assert.ThrowsAnyAsync<ArgumentException>(() => SendAsync(longest + "!"));

        Assert.Equal(longest, TextOf(Assert.Single(await ReceiveAsync())));
    }

    [ContractFact]
    public async Task Hides_a_message_until_its_delay_is_over()
    {
        await SendAsync("later", Brief);
        await SendAsync("now");

        Assert.Equal(["now"], (await ReceiveAsync()).Select(TextOf));
        Assert.Equal(2, await Queues.CountAsync(Queue, CancellationToken.None));
        await PassAsync(Brief + TimeSpan.FromSeconds(1));
        Assert.Equal(["later"], (await ReceiveAsync()).Select(TextOf));
    }

    [ContractFact]
    public async Task Refuses_a_delay_that_is_negative_or_over_seven_days()
    {
        await SendAsync("longest", TimeSpan.FromDays(7));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => SendAsync("m", TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1)));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => SendAsync("m", TimeSpan.FromSeconds(-1)));
        Assert.Equal(1, await Queues.CountAsync(Queue, CancellationToken.None));
    }

    [ContractFact]
    public async Task Gives_a_message_to_one_of_two_receivers()
    {
        for (var i = 0; i < 40; i++)
        {
            await SendAsync($"m{i}");
        }

        var received = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var mine = new List<QueueLease>();
            while (await Source.ReceiveAsync(Queue, 3, Long, CancellationToken.None) is { Count: > 0 } leases)
            {
                mine.AddRange(leases);
            }
            return mine;
        })));

        var texts = received.SelectMany(r => r).Select(TextOf).ToList();
        Assert.Equal(40, texts.Count);
        Assert.Equal(40, texts.Distinct(StringComparer.Ordinal).Count());
    }

    [ContractFact]
    public async Task Gives_no_more_than_was_asked_for()
    {
        for (var i = 0; i < 40; i++)
        {
            await SendAsync($"m{i}");
        }

        Assert.Equal(32, (await Source.ReceiveAsync(Queue, 32, Long, CancellationToken.None)).Count);
        Assert.Equal(8, (await Source.ReceiveAsync(Queue, 32, Long, CancellationToken.None)).Count);
    }

    [ContractFact]
    public async Task Deletes_a_message_for_good()
    {
        await SendAsync("m");
        var lease = Assert.Single(await ReceiveAsync(Brief));

        Assert.True(await Source.DeleteAsync(lease, CancellationToken.None));

        Assert.Equal(0, await Queues.CountAsync(Queue, CancellationToken.None));
        await PassAsync(Brief + TimeSpan.FromSeconds(1));
        Assert.Empty(await ReceiveAsync());
        Assert.False(await Source.DeleteAsync(lease, CancellationToken.None));
    }

    [ContractFact]
    public async Task Delivers_again_what_a_receiver_that_died_has_left()
    {
        await SendAsync("m");
        Assert.Equal(1, Assert.Single(await ReceiveAsync(Brief)).DequeueCount);
        Assert.Empty(await ReceiveAsync(Brief));

        await PassAsync(Brief + TimeSpan.FromSeconds(1));

        var again = Assert.Single(await ReceiveAsync());
        Assert.Equal(("m", 2L), (TextOf(again), again.DequeueCount));
    }

    [ContractFact]
    public async Task Lets_an_outdated_lease_do_nothing()
    {
        await SendAsync("m");
        var stale = Assert.Single(await ReceiveAsync(Brief));
        await PassAsync(Brief + TimeSpan.FromSeconds(1));
        var fresh = Assert.Single(await ReceiveAsync());

        Assert.False(await Source.DeleteAsync(stale, CancellationToken.None));
        Assert.False(await Source.ReleaseAsync(stale, TimeSpan.Zero, CancellationToken.None));
        Assert.Null(await Source.RenewAsync(stale, Long, CancellationToken.None));
        Assert.Equal(1, await Queues.CountAsync(Queue, CancellationToken.None));
        Assert.True(await Source.DeleteAsync(fresh, CancellationToken.None));
    }

    [ContractFact]
    public async Task Keeps_a_message_hidden_while_its_lease_is_renewed()
    {
        await SendAsync("m");
        var first = Assert.Single(await ReceiveAsync(Brief));

        var renewed = await Source.RenewAsync(first, Long, CancellationToken.None);

        await PassAsync(Brief + TimeSpan.FromSeconds(1));
        Assert.Empty(await ReceiveAsync());
        Assert.False(await Source.DeleteAsync(first, CancellationToken.None));
        Assert.True(await Source.DeleteAsync(renewed!, CancellationToken.None));
    }

    [ContractFact]
    public async Task Shows_a_released_message_again_after_the_time_asked_for()
    {
        await SendAsync("m");
        Assert.True(await Source.ReleaseAsync(Assert.Single(await ReceiveAsync()), TimeSpan.Zero, CancellationToken.None));
        var second = Assert.Single(await ReceiveAsync());
        Assert.True(await Source.ReleaseAsync(second, Brief, CancellationToken.None));
        Assert.Empty(await ReceiveAsync());

        await PassAsync(Brief + TimeSpan.FromSeconds(1));

        Assert.Equal(3, Assert.Single(await ReceiveAsync()).DequeueCount);
    }

    [ContractFact]
    public async Task Moves_a_message_to_another_queue_as_new()
    {
        await SendAsync("сообщение");
        await Source.ReleaseAsync(Assert.Single(await ReceiveAsync()), TimeSpan.Zero, CancellationToken.None);
        var lease = Assert.Single(await ReceiveAsync());

        Assert.True(await Source.MoveAsync(lease, Queue + "-poison", CancellationToken.None));

        Assert.Equal(0, await Queues.CountAsync(Queue, CancellationToken.None));
        var moved = Assert.Single(await Source.ReceiveAsync(Queue + "-poison", 32, Long, CancellationToken.None));
        Assert.Equal(("сообщение", 1L), (TextOf(moved), moved.DequeueCount));
    }

    [ContractFact]
    public async Task Gives_messages_raw_in_base64()
    {
        Assert.Empty(await Queues.ReceiveRawAsync(Queue, 32, Long, CancellationToken.None));
        await SendAsync("Grüße");
        await SendAsync("");
        await SendAsync("hidden", Long);

        var received = await Queues.ReceiveRawAsync(Queue, 32, Brief, CancellationToken.None);

        Assert.Equal(["", "R3LDvMOfZQ=="], received.Select(message => message.Text).Order(StringComparer.Ordinal));
        Assert.Empty(await Queues.ReceiveRawAsync(Queue, 32, Brief, CancellationToken.None));
        await PassAsync(Brief + TimeSpan.FromSeconds(1));
        var again = await Queues.ReceiveRawAsync(Queue, 1, Long, CancellationToken.None);
        Assert.Single(again);
    }

    [ContractFact]
    public async Task Deletes_a_raw_message_unless_somebody_else_has_it()
    {
        await SendAsync("m");
        var stale = Assert.Single(await Queues.ReceiveRawAsync(Queue, 32, Brief, CancellationToken.None));
        await PassAsync(Brief + TimeSpan.FromSeconds(1));
        var fresh = Assert.Single(await Queues.ReceiveRawAsync(Queue, 32, Long, CancellationToken.None));

        await Queues.DeleteRawAsync(stale, CancellationToken.None);
        Assert.Equal(1, await Queues.CountAsync(Queue, CancellationToken.None));
        await Queues.DeleteRawAsync(fresh, CancellationToken.None);
        Assert.Equal(0, await Queues.CountAsync(Queue, CancellationToken.None));
        await Queues.DeleteRawAsync(fresh, CancellationToken.None);
    }

    [ContractFact]
    public async Task Holds_a_message_in_the_poison_queue_after_maxDequeueCount_failures()
    {
        await using var host = new SampleRuntime();
        host.Probe.Behaviour = static _ => throw new IOException("bad");
        var options = new QueueTriggerOptions { MaxDequeueCount = 3, VisibilityTimeout = TimeSpan.Zero, Lease = Long };
        var processor = new MessageProcessor(host.Function("Text"), host.Invoker, Source, options, TimeProvider.System, host.Log);
        await SendAsync("bad one");

        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await processor.ProcessAsync(Assert.Single(await ReceiveAsync()), host.Drain);
        }

        Assert.Equal(3, host.Probe.Calls.Count);
        Assert.Equal(0, await Queues.CountAsync(Queue, CancellationToken.None));
        var poisoned = Assert.Single(await Source.ReceiveAsync(Queue + "-poison", 32, Long, CancellationToken.None));
        Assert.Equal(("bad one", 1L), (TextOf(poisoned), poisoned.DequeueCount));
    }

    protected static string TextOf(QueueLease lease) => Encoding.UTF8.GetString(lease.Body!.Value.Span);

    protected Task SendAsync(string message, TimeSpan delay = default) => Queues.SendAsync(Queue, message, delay, CancellationToken.None);

    private Task<IReadOnlyList<QueueLease>> ReceiveAsync() => ReceiveAsync(Long);

    private Task<IReadOnlyList<QueueLease>> ReceiveAsync(TimeSpan lease) => Source.ReceiveAsync(Queue, 32, lease, CancellationToken.None);
}
