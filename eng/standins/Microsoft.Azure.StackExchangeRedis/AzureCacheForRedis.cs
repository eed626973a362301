using Azure.Core;

namespace StackExchange.Redis;

/// <summary>Sign-in to Redis by Microsoft Entra: declared, so that the app compiles, and refused when used.</summary>
public static class AzureCacheForRedis
{
    private const string Refusal =
        "Signing in to Redis by Microsoft Entra needs the package Microsoft.Azure.StackExchangeRedis, which the NuGet feed of this build lacks: use a connection string, or build with a feed that has it (the public NuGet gallery does).";

    /// <summary>By a credential.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public static Task<ConfigurationOptions> ConfigureForAzureWithTokenCredentialAsync(this ConfigurationOptions configurationOptions, TokenCredential tokenCredential) => Refuse();

    /// <summary>By the app's own identity.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public static Task<ConfigurationOptions> ConfigureForAzureWithSystemAssignedManagedIdentityAsync(this ConfigurationOptions configurationOptions) => Refuse();

    /// <summary>By an identity given to the app.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public static Task<ConfigurationOptions> ConfigureForAzureWithUserAssignedManagedIdentityAsync(this ConfigurationOptions configurationOptions, string clientId) => Refuse();

    private static Task<ConfigurationOptions> Refuse() =>
        Task.FromException<ConfigurationOptions>(new NotSupportedException(Refusal));
}
