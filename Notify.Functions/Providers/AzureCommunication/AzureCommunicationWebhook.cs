using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Notify.Functions.Reports;

namespace Notify.Functions.Providers.AzureCommunication;

/// <summary>
/// Reads the events of the resource as Event Grid delivers them, of email and text messages alike: in its own schema or as CloudEvents,
/// singly or several, repeated and unordered.
/// </summary>
/// <remarks>
/// Event Grid signs nothing (<c>https://learn.microsoft.com/azure/event-grid/security-authentication</c>): it shows a secret that stands in
/// the subscription, in the query of the endpoint or in a header of its own ("delivery properties"). It never tries again after 400, 401,
/// 403 or 413.
/// </remarks>
internal sealed class AzureCommunicationWebhook(IOptions<AzureCommunicationOptions> options) : IWebhookProvider
{
    /// <summary>The provider's name in the route: one for both channels, for a subscription is the resource's.</summary>
    public const string ProviderName = "azure-communication";

    /// <summary>The query parameter that may carry the secret.</summary>
    public const string KeyParameter = "key";

    /// <summary>The header that may carry the secret.</summary>
    public const string KeyHeader = "X-Webhook-Key";

    private const string Validation = "Microsoft.EventGrid.SubscriptionValidationEvent";

    private readonly byte[] _key = Encoding.UTF8.GetBytes(options.Value.WebhookKey);

    /// <inheritdoc/>
    public string Name => ProviderName;

    /// <inheritdoc/>
    /// <remarks>Nothing tells when a call was made, so nothing is ever stale. A replay repeats facts that are there already: the ledger
    /// sets each one once.</remarks>
    public WebhookVerdict Verify(WebhookRequest request, DateTimeOffset now)
    {
        var mark = request.Path.IndexOf('?', StringComparison.Ordinal);
        var key = request.Headers.GetValueOrDefault(KeyHeader) is { Length: > 0 } header
            ? header
            : mark < 0 ? null : FormBody.Read(request.Path[(mark + 1)..]).Value(KeyParameter);
        if (key is not { Length: > 0 })
        {
            return WebhookVerdict.Missing;
        }
        return CryptographicOperations.FixedTimeEquals(_key, Encoding.UTF8.GetBytes(key)) ? WebhookVerdict.Valid : WebhookVerdict.Forged;
    }

    /// <inheritdoc/>
    public WebhookContent Parse(WebhookRequest request, DateTimeOffset now)
    {
        using var document = ProviderJson.Parse(request.Body);
        if (document is null)
        {
            return new WebhookContent([], Ignored: 1);
        }
        JsonElement[] items = document.RootElement.ValueKind == JsonValueKind.Array
            ? [.. document.RootElement.EnumerateArray()]
            : [document.RootElement];
        if (items is [var first] && Type(first) == Validation && first.Member("data")?.TextOf("validationCode") is { } code)
        {
            return new WebhookContent([], Ignored: 0)
            {
                Answer = JsonSerializer.Serialize(
                new Dictionary<string, string> { ["validationResponse"] = code })
            };
        }
        var reports = items.Select(item => Read(item, now)).ToList();
        return new WebhookContent([.. reports.OfType<ProviderReport>()], reports.Count(report => report is null));
    }

    private static ProviderReport? Read(JsonElement item, DateTimeOffset now) => (Type(item), item.Member("data")) switch
    {
        ("Microsoft.Communication.EmailDeliveryReportReceived", { } data) => AcsEmailEvent.Delivery(item, data, now),
        ("Microsoft.Communication.EmailEngagementTrackingReportReceived", { } data) => AcsEmailEvent.Engagement(item, data, now),
        ("Microsoft.Communication.SMSDeliveryReportReceived", { } data) => AcsSmsEvent.Delivery(item, data, now),
        _ => null, // Incoming messages, a subscription's end, and events to come.
    };

    /// <summary>The type, as Event Grid's own schema or CloudEvents has it.</summary>
    private static string? Type(JsonElement item) => item.TextOf("eventType") ?? item.TextOf("type");
}
