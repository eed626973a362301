using Notify.Functions.Host;

namespace Notify.Functions.Tests.Architecture;

/// <summary>What one place alone knows.</summary>
public sealed class BoundaryTests
{
    private static readonly TypeGraph Graph = TypeGraph.Of(typeof(NotifyApp).Assembly);

    private static readonly string[] MayKnow = ["Notify.Functions.Functions.", "Notify.Functions.Host."];

    [Fact]
    public void Only_the_triggers_and_the_host_know_that_this_is_a_Functions_app()
    {
        var elsewhere = from pair in Graph.Uses
                        where !MayKnow.Any(place => pair.Key.StartsWith(place, StringComparison.Ordinal)) && !IsGenerated(pair.Key)
                        from used in pair.Value
                        where used.StartsWith("Microsoft.Azure.Functions.", StringComparison.Ordinal)
                        select $"{pair.Key} → {used}";

        Assert.Empty(elsewhere);
    }

    // The worker's own sources are compiled in, beside all folders.
    private static bool IsGenerated(string type) =>
        type.Count(c => c == '.') == 2 && type.StartsWith("Notify.Functions.", StringComparison.Ordinal);
}
