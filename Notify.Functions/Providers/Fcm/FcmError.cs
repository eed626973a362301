using System.Text.Json;
using Notify.Functions.Sending;

namespace Notify.Functions.Providers.Fcm;

/// <summary>What an error answer of the API means.</summary>
/// <remarks>
/// Codes: <c>https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode</c>, and where there is none of FCM's,
/// <c>https://cloud.google.com/apis/design/errors</c>. The FCM code in <c>error.details[]</c> decides before the HTTP status, and an
/// unknown one leaves the decision to it, as in Google's own SDKs.
/// </remarks>
internal static class FcmError
{
    /// <summary>The least wait after <c>QUOTA_EXCEEDED</c> that Google asks for.</summary>
    private static readonly TimeSpan QuotaWait = TimeSpan.FromMinutes(1);

    private const string DetailType = "type.googleapis.com/google.firebase.fcm.v1.FcmError";
    private const string QuotaType = "type.googleapis.com/google.rpc.QuotaFailure";
    private const string QuotaExceeded = "QUOTA_EXCEEDED";
    private const string ProjectQuota = QuotaExceeded + " (project)";

    /// <summary>What the codes mean.</summary>
    public static ErrorTable Table { get; } = new(
        FcmSender.ProviderName + ":",
        new("UNREGISTERED", ErrorScope.DeadAddress, "The token was good once."),
        new("INVALID_ARGUMENT", ErrorScope.Message,
            "The request or the token is not valid; which one, only the text would tell. The token is kept."),
        new("SENDER_ID_MISMATCH", ErrorScope.Target, "The token is another project's."),
        new("THIRD_PARTY_AUTH_ERROR", ErrorScope.Target,
            "Apple or the web push service refuses the project's key: other devices still get theirs."),
        new("APNS_AUTH_ERROR", ErrorScope.Target, "The older name of THIRD_PARTY_AUTH_ERROR."),
        new(QuotaExceeded, ErrorScope.Target, "Too many messages to this device. Google asks for a minute at least."),
        new(ProjectQuota, ErrorScope.Rate, "Too many messages of the project. Google asks for a minute at least."),
        new("UNAVAILABLE", ErrorScope.Outage, "Not available now."),
        new("INTERNAL", ErrorScope.Outage, "A fault of FCM's own."),
        new("UNSPECIFIED_ERROR", ErrorScope.Target, "FCM gives no reason."),
        new("UNAUTHENTICATED", ErrorScope.Account, "The access token is refused, a new one too."),
        new("PERMISSION_DENIED", ErrorScope.Account, "The service account may not send for the project."),
        new("NOT_FOUND", ErrorScope.Address, "The token is not there; FCM does not say that it ever was."),
        new("RESOURCE_EXHAUSTED", ErrorScope.Rate, "Too many requests of the project."),
        new("FAILED_PRECONDITION", ErrorScope.Account, "The project cannot send, for instance because the API is switched off."),
        new("UNIMPLEMENTED", ErrorScope.Account, "The address of the API is wrong."),
        new("ABORTED", ErrorScope.Outage, "Not done, and worth another try."),
        new("CANCELLED", ErrorScope.Outage, "Not done, and worth another try."),
        new("DEADLINE_EXCEEDED", ErrorScope.Unknown, "It took too long; it may have been done."),
        new("UNKNOWN", ErrorScope.Unknown, "It may have been done."),
        new("DATA_LOSS", ErrorScope.Unknown, "It may have been done."),
        new("http-401", ErrorScope.Account, "The access token is refused, a new one too."),
        new("http-403", ErrorScope.Account, "Forbidden."),
        new("http-404", ErrorScope.Account, "There is no such address of the API."),
        new("http-405", ErrorScope.Account, "No such method: the address of the API is wrong."),
        new("http-413", ErrorScope.Message, "The message is too large."));

    /// <summary>The result of one token's request.</summary>
    public static SendResult Result(ProviderAnswer.Received answer)
    {
        var code = Code(answer.Body);
        var isQuota = answer.Status == 429 || (code?.StartsWith(QuotaExceeded, StringComparison.Ordinal) ?? false);
        return Table.Result(code, answer.Status, isQuota ? answer.RetryAfter ?? QuotaWait : answer.RetryAfter);
    }

    /// <summary>Whether it is our access token that was refused, and not Apple that refuses Google.</summary>
    public static bool IsOfAccess(ProviderAnswer.Received answer) => answer.Status == 401 && Code(answer.Body) is null or "UNAUTHENTICATED";

    // FCM's own code; where it has none, google.rpc's. Anything that is not known might be text that quotes a token.
    private static string? Code(ReadOnlyMemory<byte> body)
    {
        using var document = ProviderJson.Parse(body);
        return document?.RootElement.Member("error") is { } error ? Code(error) : null;
    }

    private static string? Code(JsonElement error)
    {
        if (Detail(error, DetailType) is not { } detail)
        {
            return Name(error, "status");
        }
        var code = Name(detail, "errorCode");
        return string.Equals(code, QuotaExceeded, StringComparison.Ordinal) && IsOfProject(error) ? ProjectQuota : code;
    }

    // "An extension of type google.rpc.QuotaFailure is returned to specify which quota was exceeded": of messages, of a device's or of a
    // topic's messages.
    private static bool IsOfProject(JsonElement error) =>
        Detail(error, QuotaType) is { } quota && quota.Member("violations") is { ValueKind: JsonValueKind.Array }
        && !quota.ItemsOf("violations").Any(violation => violation.TextOf("description") is { } description
            && (description.Contains("device", StringComparison.OrdinalIgnoreCase)
                || description.Contains("topic", StringComparison.OrdinalIgnoreCase)));

    private static JsonElement? Detail(JsonElement error, string type) =>
        error.ItemsOf("details").Where(detail => detail.TextOf("@type") == type).Select(detail => (JsonElement?)detail).FirstOrDefault();

    private static string? Name(JsonElement element, string property) =>
        element.TextOf(property) is { } name && Table.Has(name) ? name : null;
}
