using Microsoft.Extensions.Options;

namespace Notify.Functions.Providers.SendGrid;

/// <summary>Refuses to start with a webhook key that cannot verify.</summary>
internal sealed class SendGridOptionsValidator : IValidateOptions<SendGridOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, SendGridOptions options) =>
        string.IsNullOrWhiteSpace(options.WebhookKey) || SendGridSignature.IsKey(options.WebhookKey)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{SendGridOptions.SectionName}:{nameof(SendGridOptions.WebhookKey)} is not the base64 of an ECDSA P-256 public key "
                    + $"(SPKI).");
}
