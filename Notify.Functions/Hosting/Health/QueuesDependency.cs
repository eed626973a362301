using Notify.Functions.Channels;
using Notify.Functions.Storage;

namespace Notify.Functions.Hosting.Health;

/// <summary>The queues.</summary>
internal sealed class QueuesDependency(IQueues queues) : IDependency
{
    public string Name => "queues";

    public bool IsRequired => true;

    public Task ProbeAsync(CancellationToken cancellationToken) => queues.CountAsync(Lanes.All[0], cancellationToken);
}
