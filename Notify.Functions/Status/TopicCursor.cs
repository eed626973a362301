using System.Globalization;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;

namespace Notify.Functions.Status;

/// <summary>Where a page of deliveries to topics' subscribers begins: <c>t{topic}.{range}.{recipient hash}</c>.</summary>
/// <param name="Topic">The topic's place in the event.</param>
/// <param name="Range">The range's place among the 16.</param>
/// <param name="After">The recipient's hash behind which to begin; <see langword="null"/> for the range's first.</param>
public readonly record struct TopicCursor(int Topic, int Range, string? After)
{
    /// <summary>The first subscriber of the first topic.</summary>
    public static TopicCursor Start { get; } = new(0, 0, After: null);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"t{Topic}.{Range}.{After}");

    /// <summary>Reads a cursor back; <see langword="false"/> for anything this type did not write.</summary>
    public static bool TryParse(string text, out TopicCursor cursor)
    {
        cursor = default;
        if (text is not ['t', .. var rest]
            || rest.Split('.') is not [var topic, var range, var after]
            || !int.TryParse(topic, NumberStyles.None, CultureInfo.InvariantCulture, out var topicPlace)
            || !int.TryParse(range, NumberStyles.None, CultureInfo.InvariantCulture, out var rangePlace)
            || topicPlace >= Notify.Functions.Contract.EventLimits.Topics
            || rangePlace >= KeyedHashes.Partitions.Count
            || (after.Length > 0 && (after.Length != KeyedHashes.RecipientHashLength || !Base32Hex.IsValid(after))))
        {
            return false;
        }
        cursor = new TopicCursor(topicPlace, rangePlace, after.Length == 0 ? null : after);
        return true;
    }
}
