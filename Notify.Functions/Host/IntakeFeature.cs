using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Notify.Functions.Infrastructure.Configuration;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Intake;

namespace Notify.Functions.Host;

/// <summary>HTTP to topic.</summary>
internal static class IntakeFeature
{
    /// <summary>Adds the intake; the publisher behind it is added with the broker.</summary>
    public static IHostApplicationBuilder AddIntake(this IHostApplicationBuilder builder)
    {
        builder.AddCheckedOptions<BrokerOptions>(BrokerOptions.SectionName);
        builder.Services.AddSingleton<ConsumerLagBackpressure>().AddSingleton<AcceptedNames>().AddSingleton<EventIntake>()
            .AddSingleton<BatchIntake>();
        return builder;
    }
}
