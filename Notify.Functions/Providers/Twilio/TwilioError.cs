using System.Globalization;
using System.Text.Json;
using Notify.Functions.Sending;

namespace Notify.Functions.Providers.Twilio;

/// <summary>What a refused request means.</summary>
/// <remarks>Codes: <c>https://www.twilio.com/docs/api/errors</c>. The messages beside them quote phone numbers and are never passed
/// on.</remarks>
internal static class TwilioError
{
    /// <summary>The recipient has replied STOP.</summary>
    public const string OptedOut = "21610";

    /// <summary>What the codes mean.</summary>
    public static ErrorTable Table { get; } = new(
        TwilioSender.ProviderName + ":",
        new("20003", ErrorScope.Account, "Wrong credentials, or revoked ones."),
        new("20005", ErrorScope.Account, "The account is not active."),
        new("20006", ErrorScope.Account, "Access denied."),
        new("20008", ErrorScope.Account, "Test credentials cannot do this."),
        new("20403", ErrorScope.Account, "The account is suspended or closed."),
        new("20404", ErrorScope.Account, "There is no such account, or no such address of the API."),
        new("10001", ErrorScope.Account, "The account is not active."),
        new("90010", ErrorScope.Account, "The account is not active."),
        new("30002", ErrorScope.Account, "The account is suspended."),
        new("63038", ErrorScope.Account, "The account has sent as many messages as it may in a day."),
        new("21212", ErrorScope.Account, "The sender is no valid number."),
        new("21601", ErrorScope.Account, "The sender's number cannot send text messages."),
        new("21603", ErrorScope.Account, "A sender is missing."),
        new("21606", ErrorScope.Account, "The sender's number is not the account's, or cannot send text messages."),
        new("21607", ErrorScope.Account, "A trial account has to use its own number."),
        new("21659", ErrorScope.Account, "The sender is no number of Twilio's."),
        new("21660", ErrorScope.Account, "The sender's number is another account's."),
        new("21701", ErrorScope.Account, "There is no such messaging service."),
        new("21703", ErrorScope.Account, "The messaging service has no number that could send."),
        new("21704", ErrorScope.Account, "The messaging service has no number."),
        new("21705", ErrorScope.Account, "The messaging service is not valid."),
        new("30032", ErrorScope.Account, "The toll-free number is not verified."),
        new("30034", ErrorScope.Account, "The number is not registered for texts to the USA."),
        new("20429", ErrorScope.Rate, "Too many requests; nothing was processed."),
        new("21611", ErrorScope.Rate, "The sender's own queue is full."),
        new("30001", ErrorScope.Rate, "The queue has overflowed."),
        new("30022", ErrorScope.Rate, "More texts to the USA than are registered."),
        new("20500", ErrorScope.Outage, "A fault of Twilio's own."),
        new("20503", ErrorScope.Outage, "Not available now."),
        new("21730", ErrorScope.Outage, "Maintenance."),
        new("30003", ErrorScope.Target, "The handset cannot be reached now."),
        new("30008", ErrorScope.Target, "The carrier gives no reason."),
        new("30017", ErrorScope.Target, "The carrier's network is congested."),
        new("30023", ErrorScope.Target, "The carrier takes no more from this brand today."),
        new("30027", ErrorScope.Target, "The carrier takes no more from this brand today."),
        new("21211", ErrorScope.DeadAddress, "Not a valid number."),
        new(OptedOut, ErrorScope.DeadAddress, "The recipient has replied STOP."),
        new("21614", ErrorScope.DeadAddress, "Not a mobile number."),
        new("21635", ErrorScope.DeadAddress, "A landline."),
        new("30005", ErrorScope.DeadAddress, "There is no such handset."),
        new("30006", ErrorScope.DeadAddress, "A landline, or a carrier that cannot be reached."),
        new("21408", ErrorScope.Address, "Texts to this region are not switched on."),
        new("21608", ErrorScope.Address, "A trial account sends to verified numbers only."),
        new("21612", ErrorScope.Address, "This sender cannot reach this number."),
        new("30004", ErrorScope.Address, "The recipient, or the carrier, blocks our messages."),
        new("21602", ErrorScope.Message, "The text is missing."),
        new("21604", ErrorScope.Message, "The recipient is missing."),
        new("21605", ErrorScope.Message, "The text is too long."),
        new("21617", ErrorScope.Message, "The text is too long."),
        new("21618", ErrorScope.Message, "The text cannot be sent."),
        new("21619", ErrorScope.Message, "There is neither a text nor a medium."),
        new("21620", ErrorScope.Message, "A medium's address is not valid."),
        new("30007", ErrorScope.Message, "The carrier has filtered it."),
        new("30019", ErrorScope.Message, "Larger than the carrier allows."),
        new("http-401", ErrorScope.Account, "Wrong credentials."),
        new("http-403", ErrorScope.Account, "Forbidden."),
        new("http-404", ErrorScope.Account, "There is no such address of the API."),
        new("http-405", ErrorScope.Account, "No such method: the address of the API is wrong."),
        new("http-413", ErrorScope.Message, "The request is too large."));

    /// <summary>The result of a request that was refused.</summary>
    public static SendResult Result(ProviderAnswer.Received answer) => Table.Result(Code(answer.Body), answer.Status, answer.RetryAfter);

    /// <summary>A Twilio code: five digits. Anything longer might be a phone number.</summary>
    public static string? Code(string? text) => text is { Length: 5 } && text.All(char.IsAsciiDigit) ? text : null;

    private static string? Code(ReadOnlyMemory<byte> body)
    {
        using var document = ProviderJson.Parse(body);
        return document?.RootElement.Member("code") is { ValueKind: JsonValueKind.Number } code && code.TryGetInt32(out var number)
            ? Code(number.ToString(CultureInfo.InvariantCulture))
            : null;
    }
}
