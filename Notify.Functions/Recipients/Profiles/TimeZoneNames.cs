using System.Collections.Frozen;
using NodaTime.TimeZones;

namespace Notify.Functions.Recipients.Profiles;

/// <summary>
/// The names of time zones in IANA's time zone database, exactly as they stand there. The platform's own look-up takes more: the names of
/// Windows, any case of <c>UTC</c>, and whatever file the system keeps beside the zones (<c>posixrules</c>, <c>right/UTC</c>).
/// </summary>
internal static class TimeZoneNames
{
    /// <summary>ECMA-402, section 6.5.1, gives it as the primary name of <c>Etc/UTC</c> and <c>Etc/GMT</c>.</summary>
    private const string Utc = "UTC";

    // Of zone.tab, the database's own choice for each country. Some of them are links all the same: Europe/Amsterdam has had the clock of
    // Europe/Brussels since 1970, and nobody in Amsterdam would look for it under that name.
    private static readonly FrozenSet<string> OfCountries =
        TzdbDateTimeZoneSource.Default.ZoneLocations!.Select(zone => zone.ZoneId).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>
    /// The name by which the database keeps a zone today (<c>Asia/Calcutta</c> → <c>Asia/Kolkata</c>), or the one that was given where the
    /// system does not know today's yet; <see langword="null"/> where there is no such zone.
    /// </summary>
    public static string? Normalize(string name)
    {
        if (!TzdbDateTimeZoneSource.Default.CanonicalIdMap.TryGetValue(name, out var zone))
        {
            return null;
        }
        var today = OfCountries.Contains(name) ? name : zone is "Etc/UTC" or "Etc/GMT" ? Utc : zone;
        return new[] { today, name }.FirstOrDefault(one => TimeZoneInfo.TryFindSystemTimeZoneById(one, out _));
    }
}
