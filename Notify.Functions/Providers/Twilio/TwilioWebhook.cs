using Microsoft.Extensions.Options;
using Notify.Functions.Reports;

namespace Notify.Functions.Providers.Twilio;

/// <summary>Reads Twilio's status callbacks: one signed form a change of a message's status, repeated and unordered.</summary>
/// <remarks><c>https://www.twilio.com/docs/messaging/guides/track-outbound-message-status</c>.</remarks>
internal sealed class TwilioWebhook(IOptions<TwilioOptions> options) : IWebhookProvider
{
    /// <summary>The header with the signature.</summary>
    public const string SignatureHeader = "X-Twilio-Signature";

    private readonly TwilioSignature _signature = new(options.Value.AuthToken);

    /// <inheritdoc/>
    public string Name => TwilioSender.ProviderName;

    /// <inheritdoc/>
    /// <remarks>Twilio signs no time, so nothing is ever stale. A replay repeats facts that are there already: the ledger sets each one once.</remarks>
    public WebhookVerdict Verify(WebhookRequest request, DateTimeOffset now)
    {
        if (request.Headers.GetValueOrDefault(SignatureHeader) is not { Length: > 0 } signature)
        {
            return WebhookVerdict.Missing;
        }
        var url = TwilioUrl.Join(options.Value.PublicBaseUrl, request.Path);
        var genuine = IsForm(request)
            ? _signature.IsGenuineForm(url, request.Body.Span, signature)
            : _signature.IsGenuineBody(url, request.Body.Span, signature);
        return genuine ? WebhookVerdict.Valid : WebhookVerdict.Forged;
    }

    /// <inheritdoc/>
    public WebhookContent Parse(WebhookRequest request, DateTimeOffset now)
    {
        if (!IsForm(request))
        {
            return new WebhookContent([], Ignored: 1);
        }
        var attempt = FormBody.Read(TwilioUrl.Query(request.Path)).Value(TwilioUrl.AttemptParameter);
        var reports = TwilioStatus.Read(FormBody.Read(request.Body.Span), attempt is { Length: > 0 } ? attempt : null, now);
        return reports is null ? new WebhookContent([], Ignored: 1) : new WebhookContent(reports, Ignored: 0);
    }

    /// <summary>A call without a body is signed like an empty form.</summary>
    private static bool IsForm(WebhookRequest request) =>
        request.ContentType.Split(';')[0].Trim().Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
        || (request.ContentType.Length == 0 && request.Body.IsEmpty);
}
