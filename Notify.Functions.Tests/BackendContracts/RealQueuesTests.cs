using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Tests.Backends;
using Notify.LocalHost.Runtime.Queues;

namespace Notify.Functions.Tests.BackendContracts;

/// <summary>The contract on Azurite.</summary>
public sealed class RealQueuesTests : QueuesContract
{
    // A busy machine takes seconds for one.
    protected override TimeSpan Brief => TimeSpan.FromSeconds(6);

    protected override async Task<(IQueues Queues, IQueueSource Source)> CreateAsync()
    {
        var client = new StorageClient((await RealBackends.StorageAsync()).Address);
        return (client.Queues, client.Source);
    }

    protected override Task PassAsync(TimeSpan time) => Task.Delay(time);
}
