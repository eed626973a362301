using Notify.Functions.Channels.Resilience;
using Notify.Functions.Tests.Contracts;

namespace Notify.Functions.Tests.Channels.Resilience;

public sealed class LocalProviderGateTests : ProviderGateContract
{
    protected override Task<IProviderGate> CreateAsync() => Task.FromResult<IProviderGate>(new LocalProviderGate(Settings, Clock));
}
