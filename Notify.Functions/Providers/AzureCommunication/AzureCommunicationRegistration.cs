using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Configuration;
using Notify.Functions.Reports;
using Notify.Functions.Sending;
using Notify.Functions.Sending.Sms;

namespace Notify.Functions.Providers.AzureCommunication;

/// <summary>Registers Azure Communication Services.</summary>
internal static class AzureCommunicationRegistration
{
    /// <summary>Adds the senders that a channel lists ; without either nothing is there, and no settings are needed.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="sendsEmail">Whether a channel lists <c>acs-email</c>.</param>
    /// <param name="sendsSms">Whether a channel lists <c>acs-sms</c>.</param>
    public static IHostApplicationBuilder AddAzureCommunication(this IHostApplicationBuilder builder, bool sendsEmail, bool sendsSms)
    {
        builder.Services.AddSingleton(new KnownProvider(Channel.Email, AcsEmailSender.ProviderName))
            .AddSingleton(new KnownProvider(Channel.Sms, AcsSmsSender.ProviderName));
        if (!sendsEmail && !sendsSms)
        {
            return builder.AddKnownSettings<AzureCommunicationOptions>(AzureCommunicationOptions.SectionName);
        }
        builder.AddCheckedOptions<AzureCommunicationOptions>(AzureCommunicationOptions.SectionName);
        builder.Services.AddSingleton<IValidateOptions<AzureCommunicationOptions>>(
            new AzureCommunicationOptionsValidator(sendsEmail, sendsSms));
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IWebhookProvider, AzureCommunicationWebhook>();
        if (sendsEmail)
        {
            builder.Services.AddProviderClient(AcsEmailSender.ProviderName, BaseAddress);
            builder.Services.AddSingleton<IProviderSender, AcsEmailSender>();
        }
        if (sendsSms)
        {
            builder.Services.AddOptions<SmsOptions>();
            builder.Services.TryAddSingleton<SmsText>();
            builder.Services.AddProviderClient(AcsSmsSender.ProviderName, BaseAddress);
            builder.Services.AddSingleton<IProviderSender, AcsSmsSender>();
        }
        return builder;
    }

    private static Uri BaseAddress(IServiceProvider container) =>
        container.GetRequiredService<IOptions<AzureCommunicationOptions>>().Value.BaseAddress!;
}
