using Microsoft.Extensions.Time.Testing;
using Notify.Sandbox.Reports;

namespace Notify.Functions.Tests.Sandbox;

public class DueQueueTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task What_is_due_comes_in_order_of_time_then_of_adding()
    {
        var queue = new DueQueue<string>(_clock);
        var now = _clock.GetUtcNow();
        queue.Add("second", now - TimeSpan.FromSeconds(1));
        queue.Add("third", now - TimeSpan.FromSeconds(1));
        queue.Add("first", now - TimeSpan.FromSeconds(2));
        queue.Add("later", now + TimeSpan.FromHours(1));

        Assert.Equal(["first", "second", "third"], await queue.TakeAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Somebody_who_waits_for_a_later_one_gets_a_sooner_one_that_is_added()
    {
        var queue = new DueQueue<string>(_clock);
        queue.Add("later", _clock.GetUtcNow() + TimeSpan.FromHours(1));
        var taking = queue.TakeAsync(CancellationToken.None);

        queue.Add("now", _clock.GetUtcNow());

        Assert.Equal(["now"], await taking);
    }

    [Fact]
    public async Task Hurried_everything_is_due()
    {
        var queue = new DueQueue<string>(_clock);
        queue.Add("later", _clock.GetUtcNow() + TimeSpan.FromHours(1));

        queue.Hurry();
        queue.Add("much later", _clock.GetUtcNow() + TimeSpan.FromHours(2));

        Assert.Equal(["later", "much later"], await queue.TakeAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Waiting_can_be_cancelled()
    {
        var queue = new DueQueue<string>(_clock);
        using var cancelled = new CancellationTokenSource();
        var taking = queue.TakeAsync(cancelled.Token);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);
    }
}
