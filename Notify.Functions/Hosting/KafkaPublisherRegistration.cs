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
    /// Publishes events to Kafka (section <c>Notify:Broker</c>). Where an <see cref="IEventPublisher"/> is registered already, that one
    /// stays.
    /// </summary>
    public static IHostApplicationBuilder AddKafkaPublisher(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddCheckedOptions<BrokerOptions>(BrokerOptions.SectionName);
        services.AddSingleton<IValidateOptions<BrokerOptions>>(new KafkaBrokerCheck(services.Uses<IEventPublisher, KafkaEventPublisher>));
        services.TryAddSingleton(TimeProvider.System);
        services.AddAzureIdentity();
        services.TryAddSingleton<IEventPublisher, KafkaEventPublisher>();
        return builder;
    }
}
