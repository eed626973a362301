using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Tests.Backends;

namespace Notify.Functions.Tests.BackendContracts;

/// <summary>The contract on Azurite: rows.</summary>
public sealed class RealTableRowsTests : TableRowsContract
{
    protected override Task<ITables> CreateAsync() => RealTables.CreateAsync();
}

/// <summary>The contract on Azurite: keys and limits.</summary>
public sealed class RealTableKeysTests : TableKeysContract
{
    protected override Task<ITables> CreateAsync() => RealTables.CreateAsync();
}

/// <summary>The contract on Azurite: range scans.</summary>
public sealed class RealTableScansTests : TableScansContract
{
    protected override Task<ITables> CreateAsync() => RealTables.CreateAsync();
}

/// <summary>The contract on Azurite: transactions.</summary>
public sealed class RealTableTransactionsTests : TableTransactionsContract
{
    protected override Task<ITables> CreateAsync() => RealTables.CreateAsync();
}

internal static class RealTables
{
    public static async Task<ITables> CreateAsync() => new StorageClient((await RealBackends.StorageAsync()).Address).Tables;
}
