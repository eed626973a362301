using System.Globalization;

namespace Notify.Sandbox.Twilio;

/// <summary>
/// Phone numbers that do not go well. Twilio's own test numbers are known
/// (<see href="https://www.twilio.com/docs/iam/test-credentials">test credentials</see>); beyond them the last five digits of any number
/// may name an error code, so that one can be had for every country: <c>+4915550030003</c> fails with 30003.
/// </summary>
internal static class MagicNumbers
{
    /// <summary>The last five digits of a number of which nothing is heard after it was sent.</summary>
    public const int Silent = 99000;

    private static readonly Dictionary<string, int> TestNumbers = new(StringComparer.Ordinal)
    {
        ["+15005550001"] = 21211,
        ["+15005550002"] = 21612,
        ["+15005550003"] = 21408,
        ["+15005550004"] = 21610,
        ["+15005550009"] = 21614,
    };

    /// <summary>The code by which a request is refused at once: 21211, 21408, 21610, 21611, 21612 or 21614.</summary>
    public static int? Refusal(string to)
    {
        if (TestNumbers.TryGetValue(to, out var code))
        {
            return code;
        }
        return LastFive(to) is 21211 or 21408 or 21610 or 21611 or 21612 or 21614 ? LastFive(to) : null;
    }

    /// <summary>What is reported of a message that was accepted: the kinds, and the error code of the last one.</summary>
    public static (string[] Kinds, int? ErrorCode) Fate(string to) => LastFive(to) switch
    {
        // Never reached the carrier: queue overflow, account suspended.
        30001 or 30002 => ([StatusKinds.Queued, StatusKinds.Failed], LastFive(to)),
        // Unreachable, blocked, unknown, landline, filtered, unknown error.
        >= 30003 and <= 30008 => ([StatusKinds.Queued, StatusKinds.Sent, StatusKinds.Undelivered], LastFive(to)),
        Silent => ([StatusKinds.Queued, StatusKinds.Sent], null),
        _ => ([StatusKinds.Queued, StatusKinds.Sent, StatusKinds.Delivered], null),
    };

    /// <summary>What is reported where a fault makes a message come back: unknown destination handset.</summary>
    public static (string[] Kinds, int? ErrorCode) Bounced { get; } =
        ([StatusKinds.Queued, StatusKinds.Sent, StatusKinds.Undelivered], 30005);

    private static int LastFive(string to) =>
        to.Length > 5 && int.TryParse(to.AsSpan(to.Length - 5), NumberStyles.None, CultureInfo.InvariantCulture, out var digits)
            ? digits : 0;
}
