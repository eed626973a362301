using Microsoft.Extensions.Configuration;

namespace Notify.Functions.Infrastructure.Storage;

/// <summary>
/// The account of Azure Storage that holds queues and tables. The names are those of the Functions host's connections, for its queue
/// triggers read the same settings.
/// </summary>
internal sealed class StorageConnectionOptions
{
    /// <summary>The one way to sign in that a setting can name; everything else is the ambient identity.</summary>
    public const string ManagedIdentity = "managedidentity";

    /// <summary>
    /// <c>NotifyStorage</c>: a connection string; <c>UseDevelopmentStorage=true</c> for Azurite on its usual ports. A secret.
    /// </summary>
    public string? ConnectionString { get; private set; }

    /// <summary><c>NotifyStorage:queueServiceUri</c>, where there is no connection string.</summary>
    public string? QueueServiceUri { get; private set; }

    /// <summary><c>NotifyStorage:tableServiceUri</c>, where there is no connection string.</summary>
    public string? TableServiceUri { get; private set; }

    /// <summary><c>NotifyStorage:credential</c>: <c>managedidentity</c>, or nothing for the ambient identity.</summary>
    public string? Credential { get; private set; }

    /// <summary><c>NotifyStorage:clientId</c>: which of the app's identities; nothing for its own.</summary>
    public string? ClientId { get; private set; }

    /// <summary>Takes the settings over; a setting that is there but empty counts as absent.</summary>
    public void Read(IConfiguration configuration)
    {
        ConnectionString = Setting("");
        QueueServiceUri = Setting(":queueServiceUri");
        TableServiceUri = Setting(":tableServiceUri");
        Credential = Setting(":credential");
        ClientId = Setting(":clientId");

        string? Setting(string name) => configuration[StorageSettings.Connection + name] is { Length: > 0 } value ? value : null;
    }
}
