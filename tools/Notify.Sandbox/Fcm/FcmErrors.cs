using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Notify.Sandbox.Gate;

namespace Notify.Sandbox.Fcm;

/// <summary>
/// The errors of the HTTP v1 API, in Google's error model
/// (<see href="https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode">ErrorCode</see>,
/// <see href="https://cloud.google.com/apis/design/errors">Errors</see>).
/// </summary>
internal static class FcmErrors
{
    private const string JsonType = "application/json; charset=UTF-8";

    /// <summary>An error that FCM itself raises: <c>details</c> holds its own code.</summary>
    public static ProviderAnswer Create(int http, string status, string message, string errorCode, params JsonNode[] details) =>
        Error(http, status, message, [.. details, FcmError(errorCode)]);

    /// <summary>The value of a field is not what its type asks for; FCM has not been reached, so its code is not there.</summary>
    public static ProviderAnswer BadField(string field, string description) =>
        Error(StatusCodes.Status400BadRequest, "INVALID_ARGUMENT", description, BadRequest(field, description));

    /// <summary>The message as a whole, or a field's value, is not one that FCM takes.</summary>
    public static ProviderAnswer BadMessage(string field, string description) =>
        Create(StatusCodes.Status400BadRequest, "INVALID_ARGUMENT", description, "INVALID_ARGUMENT", BadRequest(field, description));

    /// <summary>No bearer token, or one that is not (or no longer) good.</summary>
    public static ProviderAnswer Unauthenticated(bool missing) => Error(
        StatusCodes.Status401Unauthorized, "UNAUTHENTICATED",
        (missing ? "Request is missing required authentication credential." : "Request had invalid authentication credentials.")
            + " Expected OAuth 2 access token, login cookie or other valid authentication credential."
            + " See https://developers.google.com/identity/sign-in/web/devconsole-project.",
        ErrorInfo(missing ? "CREDENTIALS_MISSING" : "ACCESS_TOKEN_EXPIRED"))
        .With("WWW-Authenticate", "Bearer realm=\"https://accounts.google.com/\"" + (missing ? "" : ", error=\"invalid_token\""));

    /// <summary>The caller may not send for this project, or there is none of this name.</summary>
    public static ProviderAnswer Forbidden(string project) => Error(
        StatusCodes.Status403Forbidden, "PERMISSION_DENIED",
        $"Permission 'cloudmessaging.messages.create' denied on resource '//cloudresourcemanager.googleapis.com/projects/{project}' (or "
            + $"it may not exist).",
        ErrorInfo("IAM_PERMISSION_DENIED"));

    /// <summary>The token was good once.</summary>
    public static ProviderAnswer Unregistered() => Create(
        StatusCodes.Status404NotFound, "NOT_FOUND", "Requested entity was not found.", "UNREGISTERED");

    /// <summary>What a status of the server's side, or a refusal, looks like.</summary>
    public static ProviderAnswer ForStatus(int status) => status switch
    {
        400 => BadMessage("message.token", "The registration token is not a valid FCM registration token"),
        401 => Create(status, "UNAUTHENTICATED", "Auth error from APNS or Web Push Service", "THIRD_PARTY_AUTH_ERROR"),
        403 => Create(status, "PERMISSION_DENIED", "SenderId mismatch", "SENDER_ID_MISMATCH"),
        404 => Unregistered(),
        500 => Create(status, "INTERNAL", "Internal error encountered.", "INTERNAL"),
        503 => Create(status, "UNAVAILABLE", "The service is currently unavailable.", "UNAVAILABLE"),
        _ => ProviderAnswer.FromProxy(status),
    };

    /// <summary>The project's quota is used up; Google asks for at least a minute where it does not say otherwise.</summary>
    public static ProviderAnswer QuotaExceeded(TimeSpan retryAfter) =>
        QuotaExceeded("project", "Message rate exceeded.").WithRetryAfter(retryAfter);

    /// <summary>A device has had too many messages.</summary>
    public static ProviderAnswer DeviceQuotaExceeded() => QuotaExceeded("device", "Device message rate exceeded.");

    private static ProviderAnswer QuotaExceeded(string subject, string description) => Create(
        StatusCodes.Status429TooManyRequests, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Sending messages'.", "QUOTA_EXCEEDED",
        new JsonObject
        {
            ["@type"] = "type.googleapis.com/google.rpc.QuotaFailure",
            ["violations"] = new JsonArray(new JsonObject { ["subject"] = subject, ["description"] = description }),
        });

    private static ProviderAnswer Error(int http, string status, string message, params JsonNode[] details) => ProviderAnswer.Json(
        http,
        new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["code"] = http,
                ["message"] = message,
                ["status"] = status,
                ["details"] = new JsonArray([.. details]),
            },
        },
        JsonType);

    private static JsonObject FcmError(string code) => new()
    {
        ["@type"] = "type.googleapis.com/google.firebase.fcm.v1.FcmError",
        ["errorCode"] = code,
    };

    private static JsonObject BadRequest(string field, string description) => new()
    {
        ["@type"] = "type.googleapis.com/google.rpc.BadRequest",
        ["fieldViolations"] = new JsonArray(new JsonObject { ["field"] = field, ["description"] = description }),
    };

    private static JsonObject ErrorInfo(string reason) => new()
    {
        ["@type"] = "type.googleapis.com/google.rpc.ErrorInfo",
        ["reason"] = reason,
        ["domain"] = "googleapis.com",
        ["metadata"] = new JsonObject { ["service"] = "fcm.googleapis.com" },
    };

    /// <summary>The answer to an accepted message.</summary>
    public static ProviderAnswer Accepted(string name) =>
        ProviderAnswer.Json(StatusCodes.Status200OK, new JsonObject { ["name"] = name }, JsonType);

    /// <summary>The largest payload, as an error would word it.</summary>
    public static string TooBig(int limit) => string.Create(CultureInfo.InvariantCulture, $"Message is too big: at most {limit} bytes.");
}
