using Azure.Storage.Queues;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Notify.Functions.Dispatch.Deduplication;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Infrastructure.Redis;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Sending.Throttling;
using Notify.LocalHost.Backends;
using Notify.LocalHost.InMemory;
using Notify.LocalHost.Runtime;
using Notify.LocalHost.Runtime.Kafka;
using Notify.LocalHost.Runtime.Queues;
using StackExchange.Redis;

namespace Notify.LocalHost.Hosting;

/// <summary>A backend that the host was started with.</summary>
/// <param name="Name">What it stands for: Kafka, Redis, Storage.</param>
/// <param name="Description">What it is, for the banner; without a secret.</param>
internal sealed record Backend(string Name, string Description)
{
    private const string InMemory = "embedded, in memory";

    /// <summary>
    /// Puts one backend of each kind behind the app's ports: embedded, or real where the options say so. A real one is there, or nothing
    /// starts.
    /// </summary>
    /// <exception cref="BackendMissingException">A real one does not answer, or nothing says where it is.</exception>
    public static async Task<IReadOnlyList<Backend>> AddAsync(
        WebApplicationBuilder builder, LocalHostOptions options, InMemoryBackends embedded, CancellationToken cancellationToken) =>
    [
        options.Kafka is null
            ? EmbeddedKafka(builder.Services, embedded.Topics) : await KafkaAsync(builder, options.Kafka.Value, cancellationToken),
        options.Redis is null
            ? EmbeddedRedis(builder.Services, embedded) : await RedisAsync(builder, options.Redis.Value, cancellationToken),
        options.Storage is null
            ? EmbeddedStorage(builder.Services, embedded.Queues, embedded.Tables)
            : await StorageAsync(builder, options.Storage.Value, cancellationToken),
    ];

    private static async Task<Backend> KafkaAsync(WebApplicationBuilder builder, string? address, CancellationToken cancellationToken)
    {
        builder.UseKafka(address);
        await BackendCheck.KafkaAsync(builder.Configuration, cancellationToken);
        return new Backend("Kafka", builder.Configuration[BackendRegistration.KafkaSetting]!);
    }

    private static async Task<Backend> RedisAsync(WebApplicationBuilder builder, string? address, CancellationToken cancellationToken)
    {
        builder.UseRedis(address);
        await ReadableAsync("Redis connection string", () => BackendCheck.RedisAsync(builder.Configuration, cancellationToken));
        var setting = builder.Configuration[BackendRegistration.RedisSetting] is { Length: > 0 } connection
            ? connection
            : builder.Configuration[$"{RedisOptions.SectionName}:{nameof(RedisOptions.Endpoint)}"]!;
        return new Backend("Redis", string.Join(',', ConfigurationOptions.Parse(setting).EndPoints.Select(BackendCheck.Name)));
    }

    private static async Task<Backend> StorageAsync(WebApplicationBuilder builder, string? connection, CancellationToken cancellationToken)
    {
        builder.UseStorage(connection);
        await ReadableAsync("connection string of Azure Storage", () =>
            BackendCheck.StorageAsync(builder.Configuration, cancellationToken));
        var address = builder.Configuration[BackendRegistration.StorageSetting] is { Length: > 0 } setting
            ? new QueueServiceClient(setting).Uri
            : new Uri(builder.Configuration[$"{BackendRegistration.StorageSetting}:queueServiceUri"]!);
        return new Backend("Storage", address.GetLeftPart(UriPartial.Path));
    }

    /// <summary>The clients' own complaints about a connection string may quote it, and the secret in it.</summary>
    private static async Task ReadableAsync(string what, Func<Task> check)
    {
        try
        {
            await check();
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException or UriFormatException)
        {
            throw new StartupException($"The {what} cannot be read ({fault.GetType().Name}).", fault);
        }
    }

    private static Backend EmbeddedKafka(IServiceCollection services, InMemoryTopics topics)
    {
        services
            .Replace(ServiceDescriptor.Singleton<IEventPublisher>(topics))
            .Replace(ServiceDescriptor.Singleton<IConsumerLag>(topics))
            .Replace(ServiceDescriptor.Singleton<ITopicSource>(topics));
        return new Backend("Kafka", InMemory);
    }

    private static Backend EmbeddedRedis(IServiceCollection services, InMemoryBackends embedded)
    {
        services
            .Replace(ServiceDescriptor.Singleton<IDispatchCache>(embedded.DedupCache))
            .Replace(ServiceDescriptor.Singleton(container => embedded.Gate(container.GetRequiredService<IOptions<ResilienceOptions>>())));
        return new Backend("Redis", InMemory);
    }

    private static Backend EmbeddedStorage(IServiceCollection services, InMemoryQueues queues, InMemoryTables tables)
    {
        services
            .Replace(ServiceDescriptor.Singleton<IQueues>(queues))
            .Replace(ServiceDescriptor.Singleton<IQueueSource>(queues))
            .Replace(ServiceDescriptor.Singleton<ITables>(tables));
        return new Backend("Storage", InMemory);
    }
}
