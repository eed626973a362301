namespace Notify.Functions.Tests.BackendContracts;

/// <summary>
/// A test of a contract: it runs once for every implementation that derives from the contract's class, or is skipped where that needs a
/// backend which is not there.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public class ContractFactAttribute : SkippableFactAttribute;

/// <summary>A test of a contract with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class ContractTheoryAttribute : SkippableTheoryAttribute;
