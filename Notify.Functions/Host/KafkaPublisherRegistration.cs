using Confluent.Kafka;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Notify.Functions.Infrastructure.Kafka;

namespace Notify.Functions.Host;

/// <summary>Kafka in the app.</summary>
internal static class KafkaPublisherRegistration
{
    /// <summary>
    /// Publishes events to Kafka (section <c>Notify:Broker</c>); the broker has to be named.
    /// </summary>
    public static IHostApplicationBuilder AddKafkaPublisher(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<BrokerOptions>, KafkaBrokerCheck>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddAzureIdentity();
        services.AddSingleton<KafkaProducers>();
        services.AddSingleton<Func<IProducer<string, byte[]>>>(provider => provider.GetRequiredService<KafkaProducers>().Create);
        services.AddSingleton<IEventPublisher, KafkaEventPublisher>();
        services.AddSingleton<IConsumerLag, KafkaConsumerLag>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IFunctionMetadataTransformer, KafkaTriggerSignIn>());
        return builder;
    }
}
