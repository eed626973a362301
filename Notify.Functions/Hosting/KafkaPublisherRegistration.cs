using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Notify.Functions.Intake;

namespace Notify.Functions.Hosting;

/// <summary>Kafka in the app.</summary>
public static class KafkaPublisherRegistration
{
    /// <summary>
    /// Publishes events to Kafka (section <c>Notify:Broker</c>). Where an <see cref="IEventPublisher"/> is registered already, as in a
    /// local host without Kafka, that one stays, and no broker has to be named.
    /// </summary>
    public static IHostApplicationBuilder AddKafkaPublisher(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddCheckedOptions<BrokerOptions>(BrokerOptions.SectionName);
        if (services.Any(service => service.ServiceType == typeof(IEventPublisher)))
        {
            return builder;
        }

        services.AddSingleton<IValidateOptions<BrokerOptions>, KafkaBrokerCheck>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddAzureIdentity();
        services.AddSingleton<IEventPublisher, KafkaEventPublisher>();
        return builder;
    }
}
