using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Configuration;
using Notify.Functions.Reports;
using Notify.Functions.Sending;
using Notify.Functions.Sending.Sms;

namespace Notify.Functions.Providers.Twilio;

/// <summary>Registers Twilio.</summary>
internal static class TwilioRegistration
{
    /// <summary>
    /// Adds the sms sender and the reader of its reports; a provider that no channel uses needs no settings and is not there.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="inUse">Whether a channel lists the provider.</param>
    public static IHostApplicationBuilder AddTwilio(this IHostApplicationBuilder builder, bool inUse)
    {
        builder.Services.AddSingleton(new KnownProvider(Channel.Sms, TwilioSender.ProviderName));
        if (!inUse)
        {
            return builder.AddKnownSettings<TwilioOptions>(TwilioOptions.SectionName);
        }
        builder.AddCheckedOptions<TwilioOptions>(TwilioOptions.SectionName).PostConfigure<IConfiguration>((options, settings) =>
            options.PublicBaseUrl = settings[PublicAddressOptions.Key] ?? "");
        builder.Services.AddSingleton<IValidateOptions<TwilioOptions>, TwilioOptionsValidator>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddOptions<SmsOptions>();
        builder.Services.TryAddSingleton<SmsText>();
        builder.Services.AddProviderClient(TwilioSender.ProviderName, container =>
            container.GetRequiredService<IOptions<TwilioOptions>>().Value.BaseAddress);
        builder.Services.AddSingleton<IProviderSender, TwilioSender>();
        builder.Services.AddSingleton<IWebhookProvider, TwilioWebhook>();
        return builder;
    }
}
