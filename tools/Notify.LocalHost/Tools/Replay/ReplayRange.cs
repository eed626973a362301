using System.Globalization;
using System.Text.RegularExpressions;

namespace Notify.LocalHost.Tools.Replay;

/// <summary>
/// Which records of a topic: <c>TOPIC</c>, <c>TOPIC/PARTITION</c>, <c>TOPIC/PARTITION@FROM-TO</c> or <c>TOPIC/PARTITION@FROM-</c>.
/// </summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">Its only partition; <see langword="null"/> for all.</param>
/// <param name="From">The first offset.</param>
/// <param name="To">The last offset; <see langword="null"/> for what is there now.</param>
internal sealed partial record ReplayRange(string Topic, int? Partition, long From, long? To)
{
    /// <summary>Reads the text of the command line; <see langword="null"/> where it is none.</summary>
    public static ReplayRange? Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success)
        {
            return null;
        }
        var from = Number(match.Groups["from"]) ?? 0;
        var to = Number(match.Groups["to"]);
        return to < from ? null : new ReplayRange(match.Groups["topic"].Value, (int?)Number(match.Groups["partition"]), from, to);
    }

    private static long? Number(Group group) => group.Success ? long.Parse(group.Value, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"^(?<topic>[A-Za-z0-9._-]{1,249})(/(?<partition>\d{1,5})(@(?<from>\d{1,18})-(?<to>\d{1,18})?)?)?\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
