using Microsoft.Extensions.Options;

namespace Notify.Functions.Providers.Twilio;

/// <summary>Refuses to start without a sender.</summary>
internal sealed class TwilioOptionsValidator : IValidateOptions<TwilioOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, TwilioOptions options) =>
        string.IsNullOrWhiteSpace(options.From) && string.IsNullOrWhiteSpace(options.MessagingServiceSid)
            ? ValidateOptionsResult.Fail(
                $"{TwilioOptions.SectionName}:{nameof(TwilioOptions.From)} "
                    + $"or {TwilioOptions.SectionName}:{nameof(TwilioOptions.MessagingServiceSid)} is missing.")
            : ValidateOptionsResult.Success;
}
