using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Tests.BackendContracts;

/// <summary>The contract on Azurite.</summary>
public sealed class RealNameRowsTests : NameRowsContract
{
    protected override Task<ITables> CreateAsync() => RealTables.CreateAsync();
}
