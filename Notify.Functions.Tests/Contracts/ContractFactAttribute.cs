namespace Notify.Functions.Tests.Contracts;

/// <summary>A test of a contract: it runs once for every implementation that derives from the contract's class.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class ContractFactAttribute : FactAttribute;

/// <summary>A test of a contract with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class ContractTheoryAttribute : TheoryAttribute;
