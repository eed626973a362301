using System.Text.Json;
using Notify.Functions.Sending;

namespace Notify.Functions.Providers.Fcm;

/// <summary>What an error answer of the API means.</summary>
/// <remarks>
/// Codes: <c>https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode</c>. The FCM code in <c>error.details[]</c> decides before
/// the HTTP status, and an unknown one leaves the decision to it, as in Google's own SDKs.
/// </remarks>
internal static class FcmError
{
    /// <summary>The least wait after <c>QUOTA_EXCEEDED</c> that Google asks for.</summary>
    private static readonly TimeSpan QuotaWait = TimeSpan.FromMinutes(1);

    /// <summary>The codes of FCM and of google.rpc; anything else might be text that quotes a token.</summary>
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "UNSPECIFIED_ERROR", "INVALID_ARGUMENT", "UNREGISTERED", "SENDER_ID_MISMATCH", "QUOTA_EXCEEDED", "UNAVAILABLE", "INTERNAL",
        "THIRD_PARTY_AUTH_ERROR", "APNS_AUTH_ERROR", "CANCELLED", "UNKNOWN", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
        "PERMISSION_DENIED", "UNAUTHENTICATED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
        "DATA_LOSS",
    };

    private const string DetailType = "type.googleapis.com/google.firebase.fcm.v1.FcmError";

    /// <summary>The result of one token's request.</summary>
    public static SendResult Result(ProviderAnswer.Received answer)
    {
        var (code, status) = Codes(answer.Body);
        var reason = (code ?? status) is { } name ? $"{FcmSender.ProviderName}:{name}" : StatusResult.Reason(FcmSender.ProviderName, answer.Status);
        return code switch
        {
            "UNREGISTERED" => new SendResult.Rejected(reason, AddressIsDead: true),

            // A fault of the request or of the token; which one, only the message's text would tell. The token is kept.
            "INVALID_ARGUMENT" => new SendResult.Rejected(reason),

            // Faults of the configuration: the token is another project's, or the APNs key at Firebase is wrong.
            "SENDER_ID_MISMATCH" or "THIRD_PARTY_AUTH_ERROR" or "APNS_AUTH_ERROR" => new SendResult.Rejected(reason),

            "QUOTA_EXCEEDED" => new SendResult.RateLimited(reason, answer.RetryAfter ?? QuotaWait),
            "UNAVAILABLE" or "INTERNAL" => new SendResult.Unavailable(reason, answer.RetryAfter),

            // Without an FCM code it is our access token that was refused: the next try comes with a new one.
            null when answer.Status == 401 => new SendResult.Unavailable(reason, answer.RetryAfter),

            _ => StatusResult.Of(answer.Status, reason, answer.Status == 429 ? answer.RetryAfter ?? QuotaWait : answer.RetryAfter),
        };
    }

    private static (string? Code, string? Status) Codes(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement is not { ValueKind: JsonValueKind.Object } root
                || !root.TryGetProperty("error", out var error) || error.ValueKind != JsonValueKind.Object)
            {
                return (null, null);
            }
            return (DetailCode(error), Name(error, "status"));
        }
        catch (JsonException)
        {
            return (null, null);
        }
    }

    private static string? DetailCode(JsonElement error)
    {
        if (!error.TryGetProperty("details", out var details) || details.ValueKind != JsonValueKind.Array)
        {
            return null;
        }
        foreach (var detail in details.EnumerateArray())
        {
            if (detail.ValueKind == JsonValueKind.Object
                && detail.TryGetProperty("@type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals(DetailType))
            {
                return Name(detail, "errorCode");
            }
        }
        return null;
    }

    private static string? Name(JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String && Known.TryGetValue(value.GetString()!, out var name)
            ? name
            : null;
}
