using System.Globalization;
using Notify.Functions.Delivery;

namespace Notify.Functions.Recipients.Topics;

/// <summary>Where a page of a topic's subscribers begins: <c>{range}.{recipient hash}</c>.</summary>
/// <param name="Range">The range's place among the 16.</param>
/// <param name="After">The hash behind which to begin; <see langword="null"/> for the range's first.</param>
public readonly record struct SubscriberCursor(int Range, string? After)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Range}.{After}");

    /// <summary>Reads a cursor back, nothing as the beginning; <see langword="false"/> for anything this type did not write.</summary>
    public static bool TryParse(string? text, out SubscriberCursor cursor)
    {
        cursor = default;
        if (text is null)
        {
            return true;
        }
        if (text.Split('.') is not [var range, var after]
            || !int.TryParse(range, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            || place >= Identities.Partitions.Count
            || (after.Length > 0 && (after.Length != Identities.RecipientHashLength || !Base32Hex.IsValid(after))))
        {
            return false;
        }
        cursor = new SubscriberCursor(place, after.Length == 0 ? null : after);
        return true;
    }
}
