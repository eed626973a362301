using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Notify.Sandbox.Gate;

namespace Notify.Sandbox.AzureCommunication;

/// <summary>The error bodies of Azure's data planes: <c>{ "error": { "code", "message" } }</c>, the code in a header too.</summary>
internal static class AcsErrors
{
    public static ProviderAnswer Create(int status, string code, string message) => ProviderAnswer
        .Json(status, new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["message"] = message } })
        .With("x-ms-error-code", code);

    public static ProviderAnswer BadRequest(string message) => Create(StatusCodes.Status400BadRequest, "BadRequest", message);

    public static ProviderAnswer Unauthorized() =>
        Create(StatusCodes.Status401Unauthorized, "Unauthorized", "The request could not be authenticated.");

    public static ProviderAnswer NotLinked() =>
        Create(StatusCodes.Status404NotFound, "DomainNotLinked", "The specified sender domain has not been linked.");

    public static ProviderAnswer TooLarge() =>
        Create(StatusCodes.Status413PayloadTooLarge, "RequestEntityTooLarge", "The request is too large.");

    public static ProviderAnswer RateLimited(TimeSpan retryAfter) =>
        Create(StatusCodes.Status429TooManyRequests, "TooManyRequests", "The request was throttled.").WithRetryAfter(retryAfter);

    /// <summary>A fault of the service's own.</summary>
    public static ProviderAnswer ForStatus(int status) => status switch
    {
        500 => Create(status, "InternalServerError", "An internal server error has occurred."),
        503 => Create(status, "ServiceUnavailable", "The service is unavailable."),
        _ => ProviderAnswer.FromProxy(status),
    };

    /// <summary>A refusal for good, but for those of 400.</summary>
    public static ProviderAnswer Refused(int status) => status switch
    {
        401 => Unauthorized(),
        403 => Create(status, "Forbidden", "The request is not allowed."),
        404 => NotLinked(),
        413 => TooLarge(),
        _ => Create(status, "Refused", "The request was refused."),
    };
}
