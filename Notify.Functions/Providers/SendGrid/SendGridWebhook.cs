using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Notify.Functions.Reports;

namespace Notify.Functions.Providers.SendGrid;

/// <summary>Reads SendGrid's Event Webhook: a signed JSON array of events, repeated and unordered.</summary>
internal sealed class SendGridWebhook(IOptions<SendGridOptions> options) : IWebhookProvider
{
    /// <summary>The header with the signature, base64 of a DER sequence.</summary>
    public const string SignatureHeader = "X-Twilio-Email-Event-Webhook-Signature";

    /// <summary>The header with the time of signing, in seconds since 1970.</summary>
    public const string TimestampHeader = "X-Twilio-Email-Event-Webhook-Timestamp";

    private readonly SendGridSignature _signature = new(options.Value.WebhookKey);

    /// <inheritdoc/>
    public string Name => SendGridSender.ProviderName;

    /// <inheritdoc/>
    /// <remarks>A replay within the tolerance repeats facts that are there already: the ledger sets each one once.</remarks>
    public WebhookVerdict Verify(WebhookRequest request, DateTimeOffset now)
    {
        if (request.Headers.GetValueOrDefault(SignatureHeader) is not { Length: > 0 } signature
            || request.Headers.GetValueOrDefault(TimestampHeader) is not { Length: > 0 } timestamp)
        {
            return WebhookVerdict.Missing;
        }
        if (!_signature.IsGenuine(timestamp, request.Body.Span, signature)
            || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var signedAt))
        {
            return WebhookVerdict.Forged;
        }
        var distance = Math.Abs(now.ToUnixTimeSeconds() - signedAt);
        return distance <= options.Value.WebhookTolerance.TotalSeconds ? WebhookVerdict.Valid : WebhookVerdict.Stale;
    }

    /// <inheritdoc/>
    public WebhookContent Parse(WebhookRequest request, DateTimeOffset now)
    {
        using var document = ProviderJson.Parse(request.Body);
        if (document is not { RootElement: { ValueKind: JsonValueKind.Array } events })
        {
            return new WebhookContent([], Ignored: 1);
        }
        var items = events.EnumerateArray().Select(item => SendGridEvent.Read(item, now)).ToList();
        return new WebhookContent([.. items.OfType<ProviderReport>()], items.Count(item => item is null));
    }
}
