namespace Notify.Functions.Tests.StandIns;

/// <summary>A test of the stand-ins themselves: with the official packages it has nothing to do, and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class StandInsFactAttribute : FactAttribute
{
    public StandInsFactAttribute() => Skip = StandInsAssembly.WhyAbsent;
}

/// <summary>A test of the stand-ins themselves, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class StandInsTheoryAttribute : TheoryAttribute
{
    public StandInsTheoryAttribute() => Skip = StandInsAssembly.WhyAbsent;
}
