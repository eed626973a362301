using Notify.Functions.Sending.Throttling;
using Notify.Functions.Tests.BackendContracts;

namespace Notify.Functions.Tests.Sending.Throttling;

public sealed class LocalProviderGateTests : ProviderGateContract
{
    protected override Task<IProviderGate> CreateAsync() => Task.FromResult<IProviderGate>(new LocalProviderGate(Settings, Clock));
}
