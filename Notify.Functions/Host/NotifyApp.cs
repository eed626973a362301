using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Notify.Functions.Functions.Http;
using Notify.Functions.Health;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Providers.AzureCommunication;
using Notify.Functions.Providers.Fcm;
using Notify.Functions.Providers.SendGrid;
using Notify.Functions.Providers.Twilio;

namespace Notify.Functions.Host;

/// <summary>The service's table of contents.</summary>
internal static class NotifyApp
{
    /// <summary>Adds every feature; the backends behind their ports are <see cref="AddBackends"/>, or a host's own.</summary>
    public static IHostApplicationBuilder AddNotify(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<PatientPipeline>().AddSingleton<RouteMethods>();
        builder.Services.AddSingleton<Shutdown>().AddHostedService(provider => provider.GetRequiredService<Shutdown>());
        return builder
            .AddTelemetry()
            .AddHealth()
            .AddIntake()
            .AddDispatch()
            .AddRecipients()
            .AddTemplates()
            .AddChannels()
            .AddDigests()
            .AddDelivery()
            .AddDeadLetters()
            .AddFcm(builder.Configuration.Uses("fcm"))
            .AddSendGrid(builder.Configuration.Uses("sendgrid"))
            .AddTwilio(builder.Configuration.Uses("twilio"))
            .AddAzureCommunication(builder.Configuration.Uses("acs-email"), builder.Configuration.Uses("acs-sms"));
    }

    /// <summary>Adds the production backends: Kafka, Redis, Azure Storage.</summary>
    public static IHostApplicationBuilder AddBackends(this IHostApplicationBuilder builder) => builder.AddKafkaPublisher().AddRedis().AddAzureStorage();
}
