using System.Globalization;
using System.Text.Json;
using Notify.Functions.Sending;

namespace Notify.Functions.Providers.Twilio;

/// <summary>What a refused request means: by the code in the body first, then by the HTTP status.</summary>
/// <remarks>Codes: <c>https://www.twilio.com/docs/api/errors</c>. The messages beside them quote phone numbers and are never passed on.</remarks>
internal static class TwilioError
{
    /// <summary>The recipient has replied STOP.</summary>
    public const string OptedOut = "21610";

    /// <summary>The result of a request that was refused.</summary>
    public static SendResult Result(ProviderAnswer.Received answer)
    {
        var code = Code(answer.Body);
        var reason = code is null ? StatusResult.Reason(TwilioSender.ProviderName, answer.Status) : $"{TwilioSender.ProviderName}:{code}";
        return code switch
        {
            // Too many requests, never processed; and too many messages waiting in the sender's own queue.
            "20429" or "21611" => new SendResult.RateLimited(reason, answer.RetryAfter),

            // Queue overflow, handset not reachable, unknown fault of the carrier.
            "30001" or "30003" or "30008" => new SendResult.Unavailable(reason, answer.RetryAfter),

            // Not a number, opted out, not a mobile number, a landline, no such handset, a landline or a carrier that cannot be reached.
            "21211" or OptedOut or "21614" or "21635" or "30005" or "30006" => new SendResult.Rejected(reason, AddressIsDead: true),

            // Region not permitted, wrong sender, blocked, filtered by the carrier: not the address's fault.
            "21408" or "21606" or "30004" or "30007" => new SendResult.Rejected(reason),

            _ => StatusResult.Of(answer.Status, reason, answer.RetryAfter),
        };
    }

    /// <summary>A Twilio code: five digits. Anything longer might be a phone number.</summary>
    public static string? Code(string? text) => text is { Length: 5 } && text.All(char.IsAsciiDigit) ? text : null;

    private static string? Code(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var number)
                ? Code(number.ToString(CultureInfo.InvariantCulture))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
