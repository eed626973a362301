using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Tests.Backends;

namespace Notify.Functions.Tests.BackendContracts;

/// <summary>The contract on Azurite: rows.</summary>
internal sealed class RealTableRowsTests : TableRowsContract
{
    protected override Task<ITables> CreateAsync() => RealTables.CreateAsync();
}

/// <summary>The contract on Azurite: keys and limits.</summary>
internal sealed class RealTableKeysTests : TableKeysContract
{
    protected override Task<ITables> CreateAsync() => RealTables.CreateAsync();
}

/// <summary>The contract on Azurite: range scans.</summary>
internal sealed class RealTableScansTests : TableScansContract
{
    protected override Task<ITables> CreateAsync() => RealTables.CreateAsync();
}

/// <summary>The contract on Azurite: transactions.</summary>
internal sealed class RealTableTransactionsTests : TableTransactionsContract
{
    protected override Task<ITables> CreateAsync() => RealTables.CreateAsync();
}

internal static class RealTables
{
    public static async Task<ITables> CreateAsync() => new StorageClient((await RealBackends.StorageAsync()).Address).Tables;
}
