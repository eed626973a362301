using System.Globalization;
using System.Text.RegularExpressions;
using Notify.Sandbox.Common;
using Notify.Sandbox.Gate;

namespace Notify.Sandbox.Twilio;

/// <summary>What Twilio asks of a message before it looks at the number.</summary>
internal static partial class TwilioRules
{
    /// <summary>The longest body, whatever it takes in segments.</summary>
    public const int MaxBodyLength = 1600;

    /// <summary>The longest time that a message may wait in Twilio's queue.</summary>
    public const int MaxValiditySeconds = 36_000;

    /// <summary>The refusal that a message earns, if any.</summary>
    public static ProviderAnswer? Refusal(TwilioMessage message, SandboxCredentials account)
    {
        if (message.To is not { } to)
        {
            return TwilioErrors.Create(21604, "A 'To' phone number is required.");
        }
        if (message.From is null && message.MessagingServiceSid is null)
        {
            return TwilioErrors.Create(21603, "A 'From' phone number is required.");
        }
        if (message.Body is not { } body)
        {
            return TwilioErrors.Create(21602, "Message body is required.");
        }
        if (body.Length > MaxBodyLength)
        {
            return TwilioErrors.Create(21617, "The concatenated message body exceeds the 1600 character limit.");
        }
        if (!E164.IsMatch(to))
        {
            return TwilioErrors.Create(21211, $"Invalid 'To' Phone Number: {to}");
        }
        if (message.MessagingServiceSid is { } service && service != account.TwilioMessagingServiceSid)
        {
            return TwilioErrors.Create(21701, "The Messaging Service does not exist.");
        }
        return BadFrom(message, account) ?? BadOptions(message);
    }

    private static ProviderAnswer? BadFrom(TwilioMessage message, SandboxCredentials account)
    {
        if (message.From is not { } from)
        {
            return null;
        }
        if (from == message.To)
        {
            return TwilioErrors.Create(21266, "'To' and 'From' number cannot be the same");
        }
        return from switch
        {
            // The numbers of Twilio's test credentials.
            "+15005550001" => TwilioErrors.Create(21212, $"Invalid 'From' Phone Number: {from}"),
            "+15005550008" => TwilioErrors.ForNumber(21611, message.To!, from),
            _ when from == account.TwilioFrom => null,
            _ => TwilioErrors.Create(21606,
                $"The 'From' phone number provided ({from}) is not a valid, SMS-capable Twilio phone number for this destination."),
        };
    }

    private static ProviderAnswer? BadOptions(TwilioMessage message)
    {
        if (message.StatusCallback is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
        {
            return TwilioErrors.Create(21609, $"The 'StatusCallback' URL {url} is not a valid URL.");
        }
        if (message.ValidityPeriod is { } period
            && !(int.TryParse(period, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1
                and <= MaxValiditySeconds))
        {
            return TwilioErrors.Create(20001, $"ValidityPeriod {period} is invalid: it must be from 1 to 36000.");
        }
        return null;
    }

    [GeneratedRegex(@"^\+[1-9][0-9]{6,14}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex E164 { get; }
}
