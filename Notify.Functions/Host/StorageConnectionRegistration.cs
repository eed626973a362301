using Azure.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Notify.Functions.Health;
using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Infrastructure.Storage;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;

namespace Notify.Functions.Host;

/// <summary>Azure Storage in the app.</summary>
internal static class StorageConnectionRegistration
{
    /// <summary>
    /// Keeps tables and queues in the storage account that the setting <c>NotifyStorage</c> names.
    /// </summary>
    public static IHostApplicationBuilder AddAzureStorage(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<StorageConnectionOptions>()
            .Configure<IConfiguration>((options, configuration) => options.Read(configuration))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageConnectionOptions>, StorageConnectionCheck>();
        services.AddAzureIdentity();
        services.TryAddSingleton(provider => new StorageConnection(
            provider.GetRequiredService<IOptions<StorageConnectionOptions>>(), provider.GetRequiredService<TokenCredential>()));
        services.AddSingleton<ITables, AzureTables>();
        services.AddSingleton<IQueues, AzureQueues>();
        services.AddSingleton(new StorageNames([.. Backlog.Queues, .. Backlog.Queues.Select(Backlog.PoisonOf)], TableNames.All));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<TransientFaultRetry>();
        services.AddHostedService<AzureStorageSetup>();
        return builder;
    }
}
