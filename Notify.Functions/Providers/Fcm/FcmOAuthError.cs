using Notify.Functions.Sending;

namespace Notify.Functions.Providers.Fcm;

/// <summary>What a refused token request means for the messages that wait for the token. None of them was sent.</summary>
internal static class FcmOAuthError
{
    /// <summary>What the codes mean: those of RFC 6749, section 5.2, and those that Google documents beside them.</summary>
    public static ErrorTable Table { get; } = new(
        FcmSender.ProviderName + ":oauth-",
        new("invalid_request", ErrorScope.Account, "The request for a token is not valid."),
        new("invalid_client", ErrorScope.Account, "There is no such service account."),
        new("invalid_grant", ErrorScope.Account, "The service account's key is wrong or revoked, or our clock is."),
        new("unauthorized_client", ErrorScope.Account, "The service account may not have a token."),
        new("unsupported_grant_type", ErrorScope.Account, "The address for tokens is wrong."),
        new("invalid_scope", ErrorScope.Account, "The service account may not have a token for FCM."),
        new("access_denied", ErrorScope.Account, "Access denied."),
        new("admin_policy_enforced", ErrorScope.Account, "A policy of the organization forbids it."),
        new("deleted_client", ErrorScope.Account, "The service account was deleted."),
        new("org_internal", ErrorScope.Account, "Only the organization's own accounts may."),
        new("disabled_client", ErrorScope.Account, "The service account is switched off."),
        new("http-429", ErrorScope.Outage, "Too many requests for tokens: no message was sent."),
        new("http-4xx", ErrorScope.Account, "Any other refusal of a token."),
        new("http-5xx", ErrorScope.Outage, "The token is lost, not a message."));

    /// <summary>A 4xx is a fault of the credentials; the rest is the token endpoint's own trouble.</summary>
    public static SendResult Result(ProviderAnswer.Received answer) => Table.Result(Code(answer.Body), answer.Status, answer.RetryAfter);

    private static string? Code(ReadOnlyMemory<byte> body)
    {
        using var document = ProviderJson.Parse(body);
        return document?.RootElement.TextOf("error") is { } code && Table.Has(code) ? code : null;
    }
}
