using Microsoft.Extensions.Options;
using Notify.Functions.Intake;

namespace Notify.Functions.Hosting.Health;

/// <summary>The broker: without it nothing is accepted and nothing comes.</summary>
internal sealed class BrokerDependency(IConsumerLag lag, IOptions<BrokerOptions> options) : IDependency
{
    public string Name => "kafka";

    public bool IsRequired => true;

    public Task ProbeAsync(CancellationToken cancellationToken) => lag.MeasureAsync(options.Value.Topic, options.Value.ConsumerGroup, cancellationToken);
}
