using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Queues;
using Microsoft.Extensions.Options;

namespace Notify.Functions.Infrastructure.Storage;

/// <summary>
/// Makes the clients of the storage account: by connection string, or by an identity. Nothing is sent before their first use.
/// </summary>
internal sealed class StorageConnection
{
    private readonly StorageConnectionOptions _options;
    private readonly Lazy<TokenCredential> _credential;

    internal StorageConnection(IOptions<StorageConnectionOptions> options, TokenCredential ambient)
    {
        _options = options.Value;
        _credential = new Lazy<TokenCredential>(() => Credential(_options, ambient));
    }

    /// <summary>Whether a connection string is one. The clients' own complaint may quote the secret in it.</summary>
    public static bool CanRead(string connection)
    {
        try
        {
            return new QueueServiceClient(connection).Uri.IsAbsoluteUri && new TableServiceClient(connection).Uri.IsAbsoluteUri;
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>A client of the table service.</summary>
    public TableServiceClient Tables(TableClientOptions options) => _options.ConnectionString is { } connection
        ? new TableServiceClient(connection, options)
        : new TableServiceClient(new Uri(_options.TableServiceUri!), _credential.Value, options);

    /// <summary>A client of the queue service.</summary>
    public QueueServiceClient Queues(QueueClientOptions options) => _options.ConnectionString is { } connection
        ? new QueueServiceClient(connection, options)
        : new QueueServiceClient(new Uri(_options.QueueServiceUri!), _credential.Value, options);

    private static TokenCredential Credential(StorageConnectionOptions options, TokenCredential ambient) => options switch
    {
        { Credential: null, ClientId: null } => ambient,
        { Credential: null, ClientId: { } id } =>
            new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = id }),
        { ClientId: { } id } => new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(id)),
        _ => new ManagedIdentityCredential(ManagedIdentityId.SystemAssigned),
    };
}
