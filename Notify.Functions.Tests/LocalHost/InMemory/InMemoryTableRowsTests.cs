using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Tests.BackendContracts;
using Notify.LocalHost.InMemory;

namespace Notify.Functions.Tests.LocalHost.InMemory;

public sealed class InMemoryTableRowsTests : TableRowsContract
{
    protected override Task<ITables> CreateAsync() => Task.FromResult<ITables>(new InMemoryTables());
}

public sealed class InMemoryTableTransactionsTests : TableTransactionsContract
{
    protected override Task<ITables> CreateAsync() => Task.FromResult<ITables>(new InMemoryTables());
}

public sealed class InMemoryTableScansTests : TableScansContract
{
    protected override Task<ITables> CreateAsync() => Task.FromResult<ITables>(new InMemoryTables());
}

public sealed class InMemoryTableKeysTests : TableKeysContract
{
    protected override Task<ITables> CreateAsync() => Task.FromResult<ITables>(new InMemoryTables());
}
