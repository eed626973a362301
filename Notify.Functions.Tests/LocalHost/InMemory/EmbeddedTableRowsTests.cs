using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Tests.BackendContracts;
using Notify.LocalHost.InMemory;

namespace Notify.Functions.Tests.LocalHost.InMemory;

public sealed class EmbeddedTableRowsTests : TableRowsContract
{
    protected override Task<ITables> CreateAsync() => Task.FromResult<ITables>(new EmbeddedTables());
}

public sealed class EmbeddedTableTransactionsTests : TableTransactionsContract
{
    protected override Task<ITables> CreateAsync() => Task.FromResult<ITables>(new EmbeddedTables());
}

public sealed class EmbeddedTableScansTests : TableScansContract
{
    protected override Task<ITables> CreateAsync() => Task.FromResult<ITables>(new EmbeddedTables());
}

public sealed class EmbeddedTableKeysTests : TableKeysContract
{
    protected override Task<ITables> CreateAsync() => Task.FromResult<ITables>(new EmbeddedTables());
}
