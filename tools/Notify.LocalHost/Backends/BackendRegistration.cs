using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Notify.Functions.Host;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Infrastructure.Redis;
using Notify.Functions.Infrastructure.Storage;
using Notify.LocalHost.Runtime.Kafka;
using Notify.LocalHost.Runtime.Queues;

namespace Notify.LocalHost.Backends;

/// <summary>
/// Puts real backends behind the ports, by the production adapters, each independently of the others. An address that is given takes the
/// place of the one in the settings.
/// </summary>
internal static class BackendRegistration
{
    /// <summary>The setting that says where Kafka is.</summary>
    public const string KafkaSetting = $"{BrokerOptions.SectionName}:{nameof(BrokerOptions.BrokerList)}";

    /// <summary>The setting that says where Redis is.</summary>
    public const string RedisSetting = $"{RedisOptions.SectionName}:{nameof(RedisOptions.ConnectionString)}";

    /// <summary>The setting that says where Azure Storage is.</summary>
    public const string StorageSetting = StorageSettings.Connection;

    /// <summary>Publishes to Kafka and reads from it.</summary>
    public static IHostApplicationBuilder UseKafka(this IHostApplicationBuilder builder, string? brokerList = null)
    {
        builder.Set(KafkaSetting, brokerList).AddKafkaPublisher();
        builder.Services.Replace(ServiceDescriptor.Singleton<ITopicSource, KafkaTopicSource>());
        return builder;
    }

    /// <summary>Shares what is fast in Redis.</summary>
    public static IHostApplicationBuilder UseRedis(this IHostApplicationBuilder builder, string? connectionString = null) =>
        builder.Set(RedisSetting, connectionString).AddRedis();

    /// <summary>Keeps tables and queues in Azure Storage, or in Azurite, and reads queues from there.</summary>
    public static IHostApplicationBuilder UseStorage(this IHostApplicationBuilder builder, string? connectionString = null)
    {
        builder.Set(StorageSetting, connectionString).AddAzureStorage();
        builder.Services.Replace(ServiceDescriptor.Singleton<IQueueSource, StorageQueueSource>());
        return builder;
    }

    private static IHostApplicationBuilder Set(this IHostApplicationBuilder builder, string setting, string? value)
    {
        if (value is not null)
        {
            builder.Configuration.AddInMemoryCollection([KeyValuePair.Create(setting, (string?)value)]);
        }
        return builder;
    }
}
