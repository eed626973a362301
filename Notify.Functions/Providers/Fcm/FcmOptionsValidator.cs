using Microsoft.Extensions.Options;

namespace Notify.Functions.Providers.Fcm;

/// <summary>Refuses to start with a service account that cannot sign.</summary>
internal sealed class FcmOptionsValidator : IValidateOptions<FcmOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, FcmOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Credentials) || FcmServiceAccount.TryParse(options.Credentials, out _, out var fault))
        {
            return ValidateOptionsResult.Success;
        }
        return ValidateOptionsResult.Fail($"{FcmOptions.SectionName}:{nameof(FcmOptions.Credentials)} {fault}");
    }
}
