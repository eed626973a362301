using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Notify.Functions.Host;

/// <summary>Who the app is to Azure's services where no connection string says so.</summary>
internal static class AzureIdentity
{
    /// <summary>
    /// The ambient identity: the managed one in Azure (<c>AZURE_CLIENT_ID</c> chooses between several), the developer's own elsewhere.
    /// Nothing is asked for a token before one is needed.
    /// </summary>
    public static IServiceCollection AddAzureIdentity(this IServiceCollection services)
    {
        services.TryAddSingleton<TokenCredential>(_ => new DefaultAzureCredential());
        return services;
    }

    /// <summary>A user-assigned identity, or the ambient one where none is named.</summary>
    public static TokenCredential Create(string? clientId) =>
        clientId is null
            ? new DefaultAzureCredential() : new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId));
}
