using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Notify.Sandbox.Gate;

namespace Notify.Sandbox.Twilio;

/// <summary>The Message resource, the answer to an accepted request.</summary>
internal static class TwilioMessageResource
{
    public const string ApiVersion = "2010-04-01";

    public static ProviderAnswer Created(TwilioMessage message, string sid, string account, DateTimeOffset now)
    {
        var resource = $"/{ApiVersion}/Accounts/{account}/Messages/{sid}";
        // RFC 2822, as Twilio writes dates.
        var date = now.ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);
        return ProviderAnswer.Json(StatusCodes.Status201Created, new JsonObject
        {
            ["account_sid"] = account,
            ["api_version"] = ApiVersion,
            ["body"] = message.Body,
            ["date_created"] = date,
            ["date_sent"] = null,
            ["date_updated"] = date,
            ["direction"] = "outbound-api",
            ["error_code"] = null,
            ["error_message"] = null,
            ["from"] = message.From,
            ["messaging_service_sid"] = message.MessagingServiceSid,
            ["num_media"] = "0",
            ["num_segments"] = message.MessagingServiceSid is null
                ? Segments.Count(message.Body!).ToString(CultureInfo.InvariantCulture)
                : "0", // A messaging service counts them when it has chosen a sender.
            ["price"] = null,
            ["price_unit"] = "USD",
            ["sid"] = sid,
            ["status"] = message.MessagingServiceSid is null ? "queued" : "accepted",
            ["subresource_uris"] = new JsonObject { ["media"] = resource + "/Media.json" },
            ["to"] = message.To,
            ["uri"] = resource + ".json",
        });
    }
}
