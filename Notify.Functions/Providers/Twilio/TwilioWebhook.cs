using Microsoft.Extensions.Options;
using Notify.Functions.Reports;

namespace Notify.Functions.Providers.Twilio;

/// <summary>Reads Twilio's status callbacks: one signed form a change of a message's status, repeated and unordered.</summary>
/// <remarks><c>https://www.twilio.com/docs/messaging/guides/track-outbound-message-status</c>.</remarks>
internal sealed class TwilioWebhook(IOptions<TwilioOptions> options) : IWebhookProvider
{
    /// <summary>The header with the signature.</summary>
    public const string SignatureHeader = "X-Twilio-Signature";

    /// <summary>The header that says by which key and algorithm a Webhook Setting signs: <c>key=…,algorithm=HMAC_SHA256</c>.</summary>
    public const string SettingsHeader = "X-Twilio-Webhooks-Signature-Settings";

    private readonly TwilioSignature _byToken = new(TwilioSignature.Sha1, options.Value.AuthToken);
    private readonly TwilioSignature _bySha1 = new(TwilioSignature.Sha1, SharedKeys(options.Value));
    private readonly TwilioSignature _bySha256 = new(TwilioSignature.Sha256, SharedKeys(options.Value));

    /// <inheritdoc/>
    public string Name => TwilioSender.ProviderName;

    /// <inheritdoc/>
    /// <remarks>Twilio signs no time, so nothing is ever stale. A replay repeats facts that are there already: the ledger sets each one
    /// once.</remarks>
    public WebhookVerdict Verify(WebhookRequest request, DateTimeOffset now)
    {
        if (request.Headers.GetValueOrDefault(SignatureHeader) is not { Length: > 0 } signature)
        {
            return WebhookVerdict.Missing;
        }
        if (SignedBy(request.Headers.GetValueOrDefault(SettingsHeader)) is not { } signed)
        {
            return WebhookVerdict.Forged;
        }
        var url = TwilioUrl.Join(options.Value.PublicBaseUrl, request.Path);
        var genuine = IsForm(request)
            ? signed.IsGenuineForm(url, request.Body.Span, signature)
            : signed.IsGenuineBody(url, request.Body.Span, signature);
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

    // The header itself is not signed: whatever it says, only our own keys count. A SharedKey never stands in for the auth token, nor the
    // other way round.
    private TwilioSignature? SignedBy(string? settings)
    {
        if (settings is null)
        {
            return _byToken;
        }
        var algorithm = settings.Split(',').Select(part => part.Split('=', 2, StringSplitOptions.TrimEntries))
            .FirstOrDefault(part => part[0] == "algorithm");
        return algorithm switch
        {
            [_, "HMAC_SHA256"] => _bySha256,
            [_, "HMAC_SHA1"] => _bySha1,
            _ => null,
        };
    }

    private static string[] SharedKeys(TwilioOptions options) =>
        (options.SharedKey ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A call without a body is signed like an empty form.</summary>
    private static bool IsForm(WebhookRequest request) =>
        request.ContentType.Split(';')[0].Trim().Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
        || (request.ContentType.Length == 0 && request.Body.IsEmpty);
}
