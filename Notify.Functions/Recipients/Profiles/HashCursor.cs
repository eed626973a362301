using System.Globalization;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;

namespace Notify.Functions.Recipients.Profiles;

/// <summary>Where a page of what is spread over 16 ranges by hashes begins: <c>{range}.{hash}</c>.</summary>
/// <param name="Range">The range's place among the 16.</param>
/// <param name="After">The hash behind which to begin; <see langword="null"/> for the range's first.</param>
public readonly record struct HashCursor(int Range, string? After)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Range}.{After}");

    /// <summary>Reads a cursor back, nothing as the beginning; <see langword="false"/> for anything this type did not write.</summary>
    public static bool TryParse(string? text, out HashCursor cursor)
    {
        cursor = default;
        if (text is null)
        {
            return true;
        }
        if (text.Split('.') is not [var range, var after]
            || !int.TryParse(range, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            || place >= KeyedHashes.Partitions.Count
            || (after.Length > 0 && (after.Length is not (KeyedHashes.RecipientHashLength or KeyedHashes.EventHashLength)
                || !Base32Hex.IsValid(after))))
        {
            return false;
        }
        cursor = new HashCursor(place, after.Length == 0 ? null : after);
        return true;
    }
}
