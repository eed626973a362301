using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Tests.BackendContracts;
using Notify.LocalHost.InMemory;

namespace Notify.Functions.Tests.LocalHost.InMemory;

internal sealed class EmbeddedTableRowsTests : TableRowsContract
{
    protected override Task<ITables> CreateAsync() => Task.FromResult<ITables>(new EmbeddedTables());
}

internal sealed class EmbeddedTableTransactionsTests : TableTransactionsContract
{
    protected override Task<ITables> CreateAsync() => Task.FromResult<ITables>(new EmbeddedTables());
}

internal sealed class EmbeddedTableScansTests : TableScansContract
{
    protected override Task<ITables> CreateAsync() => Task.FromResult<ITables>(new EmbeddedTables());
}

internal sealed class EmbeddedTableKeysTests : TableKeysContract
{
    protected override Task<ITables> CreateAsync() => Task.FromResult<ITables>(new EmbeddedTables());
}
