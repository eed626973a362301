using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Notify.Functions.Dispatch;
using Notify.Functions.Intake;
using Notify.Functions.Storage;
using Notify.LocalHost.Embedded;
using Notify.LocalHost.Runtime.Kafka;
using Notify.LocalHost.Runtime.Queues;

namespace Notify.LocalHost.Hosting;

/// <summary>A backend that the host was started with.</summary>
/// <param name="Name">What it stands for: Kafka, Redis, Storage.</param>
/// <param name="Description">What it is, for the banner.</param>
/// <param name="Register">Puts its ports in the place of whatever was registered for them.</param>
internal sealed record Backend(string Name, string Description, Action<IServiceCollection> Register)
{
    private const string InMemory = "embedded, in memory";

    /// <summary>One backend of each kind. The place where an option chooses a real one.</summary>
    public static IReadOnlyList<Backend> Choose(EmbeddedBackends embedded) =>
    [
        EmbeddedKafka(embedded.Topics),
        EmbeddedRedis(embedded.DedupCache),
        EmbeddedStorage(embedded.Queues, embedded.Tables),
    ];

    private static Backend EmbeddedKafka(EmbeddedTopics topics) => new("Kafka", InMemory, services => services
        .Replace(ServiceDescriptor.Singleton<IEventPublisher>(topics))
        .Replace(ServiceDescriptor.Singleton<ITopicSource>(topics)));

    private static Backend EmbeddedRedis(EmbeddedDedupCache cache) => new("Redis", InMemory, services => services
        .Replace(ServiceDescriptor.Singleton<IDedupCache>(cache)));

    private static Backend EmbeddedStorage(EmbeddedQueues queues, EmbeddedTables tables) => new("Storage", InMemory, services => services
        .Replace(ServiceDescriptor.Singleton<IQueues>(queues))
        .Replace(ServiceDescriptor.Singleton<IQueueSource>(queues))
        .Replace(ServiceDescriptor.Singleton<ITables>(tables)));
}
