using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Tests.BackendContracts;
using Notify.LocalHost.InMemory;

namespace Notify.Functions.Tests.LocalHost.InMemory;

public sealed class InMemoryNameRowsTests : NameRowsContract
{
    protected override Task<ITables> CreateAsync() => Task.FromResult<ITables>(new InMemoryTables());
}
