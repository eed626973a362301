using System.Globalization;

namespace Notify.Sandbox.AzureCommunication;

/// <summary>Addresses and numbers that do not go well, named as far as possible as those of the other providers are.</summary>
internal static class AcsMagic
{
    /// <summary>What is reported where a fault makes a text message come back: the number does not exist.</summary>
    public const int UnknownNumber = 4004;

    /// <summary>Delivered.</summary>
    public const int Delivered = 2000;

    /// <summary>In this order; the first beginning that fits counts.</summary>
    private static readonly KeyValuePair<string, string[]>[] Emails =
    [
        new("bounce", [AcsReportKinds.Bounced]),
        new("blocked", [AcsReportKinds.Failed]),
        new("dropped", [AcsReportKinds.Suppressed]),
        new("quarantined", [AcsReportKinds.Quarantined]),
        new("filtered", [AcsReportKinds.FilteredSpam]),
        new("expanded", [AcsReportKinds.Expanded]),
        new("opens", [AcsReportKinds.Delivered, AcsReportKinds.View]),
        new("clicks", [AcsReportKinds.Delivered, AcsReportKinds.View, AcsReportKinds.Click]),
        new("silent", []),
    ];

    /// <summary>What is reported of an email, by how the address begins.</summary>
    public static string[] Email(string address) =>
        Emails.FirstOrDefault(fate => address.StartsWith(fate.Key, StringComparison.OrdinalIgnoreCase)).Value ?? [AcsReportKinds.Delivered];

    /// <summary>
    /// The code that is reported of a text message
    /// (<see href="https://learn.microsoft.com/azure/communication-services/resources/troubleshooting/voice-video-calling/troubleshooting-codes">codes</see>),
    /// where the number ends with 9 and the code; <see langword="null"/> where nothing is reported: it ends with 99000.
    /// </summary>
    public static int? Sms(string number)
    {
        var end = number.Length > 5 && int.TryParse(number.AsSpan(number.Length - 5), NumberStyles.None, CultureInfo.InvariantCulture,
            out var digits)
            ? digits - 90_000
            : 0;
        return end switch
        {
            9000 => null,
            (>= 4000 and <= 4010) or 4020 or (>= 5000 and <= 5002) or 9999 => end,
            _ => Delivered,
        };
    }
}
