using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Ledger;

namespace Notify.Functions.Recovery;

/// <summary>
/// Names a record that was set aside: its row key, <c>{time, inverted}.{topic}.{partition}.{offset}</c>, which tells its partition too.
/// </summary>
/// <param name="Key">The row key.</param>
/// <param name="Partition">The row's partition.</param>
public sealed record RejectedId(string Key, string Partition)
{
    private const int TimeWidth = 9;
    private const int LongestTopic = 249;

    /// <summary>Reads an id; <see langword="false"/> for anything that names no record.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out RejectedId? id)
    {
        id = null;
        if (text?.Split('.') is not [{ Length: TimeWidth } time, _, .., var partition, var offset] parts
            || parts.Length < 4
            || !Base32Hex.IsValid(time)
            || !int.TryParse(partition, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var place))
        {
            return false;
        }
        var topic = string.Join('.', parts[1..^2]);
        if (topic.Length is 0 or > LongestTopic || !topic.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
        {
            return false;
        }
        id = new RejectedId(text, RejectedRecords.PartitionOf(new EventPosition(topic, number, place)));
        return true;
    }
}
