using System.Text.RegularExpressions;
using Notify.Functions.Host;

namespace Notify.Functions.Tests.Architecture;

/// <summary>What one place alone knows.</summary>
public sealed partial class BoundaryTests
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

    /// <summary>
    /// Constants are copied by the compiler: only the source shows who names a column. The fault injection alone breaks the table's writes.
    /// </summary>
    [Fact]
    public void Only_one_class_knows_the_table_of_deliveries()
    {
        string[] mayKnow = ["DeliveryTable.cs", "DeliveryTable.Waiting.cs", "DeliveryRows.cs", "DeliveryRows.Waiting.cs",
            "GuardlessTables.cs"];
        var knowing = from program in new[] { Sources.App, "Notify.LocalHost", "Notify.Sandbox", "Notify.Bench" }
                      from file in Sources.Of(program)
                      where DeliveriesTable().IsMatch(File.ReadAllText(file.Path))
                      select Path.GetFileName(file.Name);

        Assert.Equal(mayKnow.Append("TableNames.cs").Order(StringComparer.Ordinal), knowing.Order(StringComparer.Ordinal));
    }

    // The worker's own sources are compiled in, beside all folders.
    private static bool IsGenerated(string type) =>
        type.Count(c => c == '.') == 2 && type.StartsWith("Notify.Functions.", StringComparison.Ordinal);

    [GeneratedRegex("""TableNames\.Deliveries|"deliveries"|DeliveryRows|"![iod]\|""", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex DeliveriesTable();
}
