using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Notify.Sandbox.Gate;

namespace Notify.Sandbox.Twilio;

/// <summary>Twilio's error bodies (<see href="https://www.twilio.com/docs/api/errors">error and warning dictionary</see>).</summary>
internal static class TwilioErrors
{
    /// <summary>An error by its code.</summary>
    public static ProviderAnswer Create(int code, string message, int status = StatusCodes.Status400BadRequest) => ProviderAnswer.Json(
        status,
        new JsonObject
        {
            ["code"] = code,
            ["message"] = message,
            ["more_info"] = string.Create(CultureInfo.InvariantCulture, $"https://www.twilio.com/docs/errors/{code}"),
            ["status"] = status,
        });

    /// <summary>No credentials, or wrong ones, or another account's.</summary>
    public static ProviderAnswer Unauthorized() =>
        Create(20003, "Authenticate", StatusCodes.Status401Unauthorized).With("WWW-Authenticate", "Basic realm=\"Twilio API\"");

    /// <summary>Too many requests at once; nothing was processed.</summary>
    public static ProviderAnswer TooManyRequests(TimeSpan retryAfter) =>
        Create(20429, "Too many requests", StatusCodes.Status429TooManyRequests).WithRetryAfter(retryAfter);

    /// <summary>A fault of Twilio's own.</summary>
    public static ProviderAnswer ForStatus(int status) => status switch
    {
        500 => Create(20500, "An internal server error has occurred", status),
        503 => Create(20503, "Service unavailable", status),
        _ => ProviderAnswer.FromProxy(status),
    };

    /// <summary>What Twilio says to a number that it does not send to. The number is in the text, as it is in Twilio's.</summary>
    public static ProviderAnswer? ForNumber(int code, string to, string from) => code switch
    {
        21211 => Create(code, $"Invalid 'To' Phone Number: {to}"),
        21408 => Create(code, $"Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {to}"),
        21610 => Create(code, "Attempt to send to unsubscribed recipient"),
        21611 => Create(code, $"This 'From' number has exceeded the maximum number of queued messages: {from}",
            StatusCodes.Status429TooManyRequests),
        21612 => Create(code, $"Message cannot be sent with the current combination of 'To' ({to}) and/or 'From' ({from}) parameters"),
        21614 => Create(code, $"'To' number is not a valid mobile number: {to}"),
        _ => null,
    };
}
