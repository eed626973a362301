using Notify.Bench.Prove;
using Notify.Functions.Tests.Host;

namespace Notify.Functions.Tests.Bench;

public sealed class ProcessRoleTests
{
    /// <summary>A process that is asked for a function that is not there does not start.</summary>
    [Fact]
    public void Every_role_runs_functions_that_are_there()
    {
        var functions = CompositionTests.FunctionNames().ToHashSet(StringComparer.Ordinal);

        Assert.All(ProcessRole.All.SelectMany(processRole => processRole.Functions.Split(',')), function =>
            Assert.Contains(function, functions));
    }
}
