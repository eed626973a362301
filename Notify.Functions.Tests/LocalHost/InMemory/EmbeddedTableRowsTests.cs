using Notify.Functions.Storage;
using Notify.Functions.Tests.Contracts;
using Notify.LocalHost.Embedded;

namespace Notify.Functions.Tests.LocalHost.Embedded;

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
