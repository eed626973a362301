using Microsoft.Extensions.Options;

namespace Notify.Functions.Providers.AzureCommunication;

/// <summary>Refuses to start with a key that cannot sign, or without the sender of a channel that is in use.</summary>
internal sealed class AzureCommunicationOptionsValidator(bool sendsEmail, bool sendsSms) : IValidateOptions<AzureCommunicationOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, AzureCommunicationOptions options)
    {
        var faults = new List<string>();
        if (!string.IsNullOrWhiteSpace(options.AccessKey) && !AzureCommunicationSignature.IsKey(options.AccessKey))
        {
            faults.Add($"{AzureCommunicationOptions.SectionName}:{nameof(options.AccessKey)} is not base64.");
        }
        if (sendsEmail && string.IsNullOrWhiteSpace(options.SenderAddress))
        {
            faults.Add($"{AzureCommunicationOptions.SectionName}:{nameof(options.SenderAddress)} is missing.");
        }
        if (sendsSms && string.IsNullOrWhiteSpace(options.From))
        {
            faults.Add($"{AzureCommunicationOptions.SectionName}:{nameof(options.From)} is missing.");
        }
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
