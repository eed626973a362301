namespace Notify.Functions.Tests.StandIns;

/// <summary>Holds what is declared against what is listed: both must be the same.</summary>
internal static class ApiCheck
{
    public static IReadOnlyList<string> Faults(IEnumerable<string> declared, IEnumerable<string> listed)
    {
        var here = declared.ToHashSet(StringComparer.Ordinal);
        var there = listed.ToHashSet(StringComparer.Ordinal);
        return
        [
            .. here.Except(there, StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(line => "declared, not listed: " + line),
            .. there.Except(here, StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(line => "listed, not declared: " + line),
        ];
    }
}
