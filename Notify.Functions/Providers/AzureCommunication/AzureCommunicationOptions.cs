using System.ComponentModel.DataAnnotations;

namespace Notify.Functions.Providers.AzureCommunication;

/// <summary>
/// How to reach a resource of Azure Communication Services, for email and text messages alike, and how to know its reports.
/// </summary>
internal sealed class AzureCommunicationOptions
{
    /// <summary>The section of these settings.</summary>
    public const string SectionName = "Notify:Providers:AzureCommunication";

    /// <summary>The resource's endpoint, <c>https://NAME.communication.azure.com</c>.</summary>
    [ProviderEndpoint(ErrorMessage = SectionName + ":" + nameof(BaseAddress)
        + " must be an absolute https address (http only for a local sandbox).")]
    public Uri? BaseAddress { get; set; }

    /// <summary>One of the resource's two access keys, in base64: it signs requests. A secret, kept in Key Vault.</summary>
    [Required(ErrorMessage = SectionName + ":" + nameof(AccessKey) + " is missing.")]
    public string AccessKey { get; set; } = "";

    /// <summary>The address that emails come from, of a domain connected to the resource. Needed for email only.</summary>
    [EmailAddress(ErrorMessage = SectionName + ":" + nameof(SenderAddress) + " is not an email address.")]
    public string? SenderAddress { get; set; }

    /// <summary>The number or sender name that text messages come from. Needed for sms only.</summary>
    public string? From { get; set; }

    /// <summary>
    /// The secret that Event Grid shows with every report, in the query of the webhook's address (<c>?key=</c>) or a header
    /// (<c>X-Webhook-Key</c>): it signs nothing, so without this no report could be told from a forgery, and the app does not start. 16 or
    /// more letters, digits and <c>. _ ~ -</c>, which need no escaping in either.
    /// </summary>
    [Required(ErrorMessage = SectionName + ":" + nameof(WebhookKey) + " is missing: without it reports cannot be verified.")]
    [RegularExpression("[A-Za-z0-9._~-]{16,}", ErrorMessage = SectionName + ":" + nameof(WebhookKey)
        + " must have 16 or more characters, of letters, digits, '.', '_', '~' and '-'.")]
    public string WebhookKey { get; set; } = "";
}
