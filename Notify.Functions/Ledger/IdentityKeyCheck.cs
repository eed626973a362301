using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Notify.Functions.Ledger;

/// <summary>Refuses the development key, which everybody knows, wherever something says that the app runs in Azure.</summary>
internal sealed class IdentityKeyCheck(IConfiguration configuration) : IValidateOptions<IdentityOptions>
{
    /// <summary>
    /// Environment variables that the Functions host itself goes by: of App Service and Premium, Consumption, Flex Consumption (which has
    /// no <c>WEBSITE_INSTANCE_ID</c>), Container Apps.
    /// </summary>
    public static IReadOnlyList<string> SignsOfAzure { get; } =
        ["WEBSITE_INSTANCE_ID", "WEBSITE_SITE_NAME", "WEBSITE_SKU", "WEBSITE_POD_NAME", "CONTAINER_NAME", "CONTAINER_APP_NAME"];

    public ValidateOptionsResult Validate(string? name, IdentityOptions options) =>
        string.Equals(options.Key, IdentityOptions.DevelopmentKey, StringComparison.Ordinal)
        && SignsOfAzure.FirstOrDefault(sign => !string.IsNullOrEmpty(configuration[sign])) is { } found
            ? ValidateOptionsResult.Fail(
                $"{IdentityOptions.SectionName}:{nameof(options.Key)} is missing, or the development key: in Azure ({found} is set) "
                + "a key of your own is needed, and it must never change.")
            : ValidateOptionsResult.Success;
}
