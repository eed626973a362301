using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Tests.BackendContracts;
using Notify.LocalHost.InMemory;
using Notify.LocalHost.Runtime.Queues;

namespace Notify.Functions.Tests.LocalHost.InMemory;

public sealed class InMemoryQueuesTests : QueuesContract
{
    private readonly ManualClock _clock = new();

    [Theory]
    [InlineData("ab")]
    [InlineData("Upper-Case")]
    [InlineData("double--hyphen")]
    [InlineData("-first")]
    [InlineData("last-")]
    [InlineData("under_score")]
    public async Task Refuses_a_name_that_the_service_would_refuse(string name) =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Queues.SendAsync(name, "m", TimeSpan.Zero, CancellationToken.None));

    protected override Task<(IQueues Queues, IQueueSource Source)> CreateAsync()
    {
        var queues = new InMemoryQueues(_clock);
        return Task.FromResult<(IQueues, IQueueSource)>((queues, queues));
    }

    protected override Task PassAsync(TimeSpan time)
    {
        _clock.Advance(time);
        return Task.CompletedTask;
    }
}
