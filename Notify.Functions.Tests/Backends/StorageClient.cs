using Azure.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Moq;
using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Infrastructure.Storage;
using Notify.Functions.Infrastructure.Tables;
using Notify.LocalHost.Backends;

namespace Notify.Functions.Tests.Backends;

/// <summary>The production tables and queues on a storage account of the tests.</summary>
internal sealed class StorageClient
{
    public StorageClient(string connection)
    {
        var options = new StorageConnectionOptions();
        options.Read(new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create<string, string?>(StorageSettings.Connection, connection)])
            .Build());
        Connection = new StorageConnection(Options.Create(options), Mock.Of<TokenCredential>());
        Tables = new AzureTables(Connection);
        Queues = new AzureQueues(Connection);
        Source = new StorageQueueSource(Connection);
    }

    public StorageConnection Connection { get; }

    public ITables Tables { get; }

    public IQueues Queues { get; }

    public StorageQueueSource Source { get; }
}
