namespace Notify.Functions.Tests.StandIns;

/// <summary>A test of the stand-ins themselves: with the official packages it has nothing to do, and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class StandInsFactAttribute : FactAttribute
{
    public StandInsFactAttribute() =>
        Skip = StandInsAssembly.Instance is null ? "The official packages are in use: there are no stand-ins to test." : null;
}
