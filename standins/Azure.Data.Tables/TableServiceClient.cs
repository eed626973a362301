using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables;

/// <summary>The table service of an account.</summary>
public class TableServiceClient
{
    private const string StorageScope = "https://storage.azure.com/.default";

    private readonly TablesService _service;

    /// <summary>By a connection string.</summary>
    public TableServiceClient(string connectionString)
        : this(connectionString, options: null)
    {
    }

    /// <summary>By a connection string.</summary>
    public TableServiceClient(string connectionString, TableClientOptions? options = null)
    {
        var (endpoint, account, key, signature) = ConnectionString.Parse(connectionString);
        var signing = key is null ? null : new SharedKeyLitePolicy(account!, key);
        _service = new TablesService(endpoint, signature, signing, options ?? new TableClientOptions());
    }

    /// <summary>By an identity; only over TLS.</summary>
    public TableServiceClient(Uri endpoint, TokenCredential tokenCredential, TableClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        var bearer = new BearerTokenAuthenticationPolicy(tokenCredential, StorageScope);
        _service = new TablesService(endpoint.AbsoluteUri.TrimEnd('/'), sharedAccessSignature: null, bearer, options ?? new TableClientOptions());
    }

    /// <summary>For tests that override the methods.</summary>
    protected TableServiceClient() => _service = null!;

    /// <summary>A client of one table; nothing is sent.</summary>
    public virtual TableClient GetTableClient(string tableName)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        return new TableClient(_service, tableName);
    }
}
