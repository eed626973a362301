using System.ComponentModel.DataAnnotations;
using Notify.Functions.Infrastructure.Configuration;

namespace Notify.Functions.Providers.Twilio;

/// <summary>How to reach Twilio, and how to know its reports.</summary>
internal sealed class TwilioOptions
{
    /// <summary>The section of these settings.</summary>
    public const string SectionName = "Notify:Providers:Twilio";

    /// <summary>Where the API is.</summary>
    /// <value>The default is <c>https://api.twilio.com</c>.</value>
    [ProviderEndpoint(ErrorMessage = SectionName + ":" + nameof(BaseAddress)
        + " must be an absolute https address (http only for a local sandbox).")]
    public Uri BaseAddress { get; set; } = new("https://api.twilio.com");

    /// <summary>The account, <c>AC…</c>.</summary>
    [Required(ErrorMessage = SectionName + ":" + nameof(AccountSid) + " is missing.")]
    [RegularExpression("AC[0-9A-Za-z]{1,64}", ErrorMessage = SectionName + ":" + nameof(AccountSid) + " is not an account's id (AC…).")]
    public string AccountSid { get; set; } = "";

    /// <summary>
    /// The account's primary auth token: the password of requests and the key of reports. Without it no report could be told from a
    /// forgery, so the app does not start. A secret, kept in Key Vault.
    /// </summary>
    [Required(ErrorMessage = SectionName + ":" + nameof(AuthToken) + " is missing.")]
    [RegularExpression("[!-~]+", ErrorMessage = SectionName + ":" + nameof(AuthToken)
        + " has characters that no token has, such as a space or a line break.")]
    public string AuthToken { get; set; } = "";

    /// <summary>
    /// The secret of the SharedKey by which a Webhook Setting of Twilio's signs reports (HMAC-SHA256 or HMAC-SHA1) in place of
    /// <see cref="AuthToken"/>; several, separated by commas, while keys are rotated. Without it reports that such a key signs are refused.
    /// A secret, kept in Key Vault.
    /// </summary>
    [RegularExpression("[!-~]*", ErrorMessage = SectionName + ":" + nameof(SharedKey)
        + " has characters that no secret has, such as a space or a line break.")]
    public string? SharedKey { get; set; }

    /// <summary>The number or sender name that messages come from. Not used where there is a <see cref="MessagingServiceSid"/>.</summary>
    public string? From { get; set; }

    /// <summary>The messaging service, <c>MG…</c>, that picks the sender.</summary>
    public string? MessagingServiceSid { get; set; }

    /// <summary>
    /// Where Twilio reaches this service, up to the path <c>/api/webhooks/twilio</c>. It is a part of what Twilio signs and used letter
    /// by letter, which is why it is no <see cref="Uri"/>.
    /// </summary>
    /// <value>The setting <c>Notify:PublicBaseUrl</c>.</value>
    [Required(ErrorMessage = PublicAddressOptions.Key + " is missing: Twilio signs it, and reports are sent there.")]
    [RegularExpression(@"(?i:https?)://[^\s?#]+", ErrorMessage = PublicAddressOptions.Key
        + " must be an absolute http or https address without a query.")]
    public string PublicBaseUrl { get; internal set; } = "";
}
