using Notify.Functions.Sending.Throttling;
using Notify.Functions.Tests.BackendContracts;

namespace Notify.Functions.Tests.Sending.Throttling;

public sealed class LocalProviderThrottleTests : ProviderThrottleContract
{
    protected override Task<IProviderThrottle> CreateAsync() =>
        Task.FromResult<IProviderThrottle>(new LocalProviderThrottle(Settings, Clock));
}
