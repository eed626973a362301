using System.Text.Json;
using Notify.Functions.Sending;

namespace Notify.Functions.Providers.Fcm;

/// <summary>What a refused token request means for the messages that wait for the token. None of them was sent.</summary>
internal static class FcmOAuthError
{
    /// <summary>The error codes of RFC 6749, section 5.2, and those that Google documents beside them.</summary>
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope",
        "access_denied", "admin_policy_enforced", "deleted_client", "org_internal", "disabled_client",
    };

    /// <summary>A 4xx is a fault of the credentials, which no further try heals; the rest is the token endpoint's own trouble.</summary>
    public static SendResult Result(ProviderAnswer.Received answer)
    {
        var reason = Code(answer.Body) is { } code ? "fcm:oauth-" + code : StatusResult.Reason("fcm:oauth", answer.Status);
        return StatusResult.Of(answer.Status, reason, answer.RetryAfter) is SendResult.Rejected rejected
            ? rejected
            : new SendResult.Unavailable(reason, answer.RetryAfter);
    }

    private static string? Code(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String
                && Known.TryGetValue(error.GetString()!, out var code)
                ? code
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
