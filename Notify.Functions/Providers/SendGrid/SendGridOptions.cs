using System.ComponentModel.DataAnnotations;

namespace Notify.Functions.Providers.SendGrid;

/// <summary>How to reach SendGrid, and how to know its reports.</summary>
internal sealed class SendGridOptions
{
    /// <summary>The section of these settings.</summary>
    public const string SectionName = "Notify:Providers:SendGrid";

    /// <summary>Where the API is.</summary>
    /// <value>The default is <c>https://api.sendgrid.com</c>; accounts in the EU use <c>https://api.eu.sendgrid.com</c>.</value>
    [ProviderEndpoint(ErrorMessage = SectionName + ":" + nameof(BaseAddress)
        + " must be an absolute https address (http only for a local sandbox).")]
    public Uri BaseAddress { get; set; } = new("https://api.sendgrid.com");

    /// <summary>The API key, with the right to send. A secret, kept in Key Vault.</summary>
    [Required(ErrorMessage = SectionName + ":" + nameof(ApiKey) + " is missing.")]
    [RegularExpression("[!-~]+", ErrorMessage = SectionName + ":" + nameof(ApiKey)
        + " has characters that no key has, such as a space or a line break.")]
    public string ApiKey { get; set; } = "";

    /// <summary>The sender's address, of a domain or sender verified at SendGrid.</summary>
    [Required(ErrorMessage = SectionName + ":" + nameof(FromAddress) + " is missing.")]
    [EmailAddress(ErrorMessage = SectionName + ":" + nameof(FromAddress) + " is not an email address.")]
    public string FromAddress { get; set; } = "";

    /// <summary>The sender's name as recipients see it.</summary>
    /// <value>Absent by default: the address alone is shown.</value>
    public string? FromName { get; set; }

    /// <summary>
    /// The public key of the signed Event Webhook (SendGrid: Settings, Mail Settings, Event Webhook, Signature Verification), base64 of
    /// an ECDSA P-256 key in SPKI form. Without it no report could be told from a forgery, so the app does not start.
    /// </summary>
    [Required(ErrorMessage = SectionName + ":" + nameof(WebhookKey) + " is missing: without it reports cannot be verified.")]
    public string WebhookKey { get; set; } = "";

    /// <summary>How far a report's signed time may be from our clock. SendGrid documents no limit of its own.</summary>
    /// <value>The default is 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00", ErrorMessage = SectionName + ":" + nameof(WebhookTolerance)
        + " must be from 10 seconds to 24 hours.")]
    public TimeSpan WebhookTolerance { get; set; } = TimeSpan.FromMinutes(10);
}
