using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Functions.Http;
using Notify.Functions.Health;
using Notify.Functions.Infrastructure.Configuration;
using Notify.Functions.Infrastructure.Redis;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Ledger;
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
        builder.Services.AddSingleton<TransientFaultRetry>().AddSingleton<RouteMethods>();
        builder.Services.AddSingleton<Shutdown>().AddHostedService(provider => provider.GetRequiredService<Shutdown>());
        return builder
            .AddSettingsCheck()
            .AddKnownSettings<PublicAddressOptions>(PublicAddressOptions.SectionName)
            // Known where Redis is not used, too.
            .AddKnownSettings<RedisOptions>(RedisOptions.SectionName)
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
            .AddFcm(builder.Configuration.Uses(Channel.Push, "fcm"))
            .AddSendGrid(builder.Configuration.Uses(Channel.Email, "sendgrid"))
            .AddTwilio(builder.Configuration.Uses(Channel.Sms, "twilio"))
            .AddAzureCommunication(builder.Configuration.Uses(Channel.Email, "acs-email"),
                builder.Configuration.Uses(Channel.Sms, "acs-sms"));
    }

    /// <summary>Adds the production backends: Kafka, Redis, Azure Storage.</summary>
    public static IHostApplicationBuilder AddBackends(this IHostApplicationBuilder builder) =>
        builder.AddKafkaPublisher().AddRedis().AddAzureStorage();

    /// <summary>Refuses in Azure what is for development only. The local host is for development, in whatever container it runs.</summary>
    public static IHostApplicationBuilder RefuseDevelopmentKey(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IValidateOptions<IdentityOptions>, IdentityKeyCheck>();
        return builder;
    }
}
