using Azure.Core;

namespace StackExchange.Redis;

/// <summary>Sign-in to Redis by Microsoft Entra: declared, so that the app compiles, and refused when used.</summary>
public static class AzureCacheForRedis
{
    // Entra needs AUTH with a user name and a token that is renewed on open connections. StackExchange.Redis 1.2.6 knows a
    // password only; setting the token as password would end in a puzzling WRONGPASS.
    private const string Refusal =
        "Signing in to Redis by Microsoft Entra needs StackExchange.Redis 2.x, and this build has 1.2.6: use a connection string, or build with the official package set (-p:PackageSet=official).";

    /// <summary>By a credential.</summary>
    /// <exception cref="NotSupportedException">Always: StackExchange.Redis 1.2.6 cannot.</exception>
    public static Task<ConfigurationOptions> ConfigureForAzureWithTokenCredentialAsync(this ConfigurationOptions configurationOptions, TokenCredential tokenCredential) => Refuse();

    /// <summary>By the app's own identity.</summary>
    /// <exception cref="NotSupportedException">Always: StackExchange.Redis 1.2.6 cannot.</exception>
    public static Task<ConfigurationOptions> ConfigureForAzureWithSystemAssignedManagedIdentityAsync(this ConfigurationOptions configurationOptions) => Refuse();

    /// <summary>By an identity given to the app.</summary>
    /// <exception cref="NotSupportedException">Always: StackExchange.Redis 1.2.6 cannot.</exception>
    public static Task<ConfigurationOptions> ConfigureForAzureWithUserAssignedManagedIdentityAsync(this ConfigurationOptions configurationOptions, string clientId) => Refuse();

    private static Task<ConfigurationOptions> Refuse() =>
        Task.FromException<ConfigurationOptions>(new NotSupportedException(Refusal));
}
