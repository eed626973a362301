using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Configuration;
using Notify.Functions.Reports;
using Notify.Functions.Sending;

namespace Notify.Functions.Providers.SendGrid;

/// <summary>Registers SendGrid.</summary>
internal static class SendGridRegistration
{
    /// <summary>
    /// Adds the email sender and the reader of its reports; a provider that no channel uses needs no settings and is not there.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="inUse">Whether a channel lists the provider.</param>
    public static IHostApplicationBuilder AddSendGrid(this IHostApplicationBuilder builder, bool inUse)
    {
        builder.Services.AddSingleton(new KnownProvider(Channel.Email, SendGridSender.ProviderName));
        if (!inUse)
        {
            return builder.AddKnownSettings<SendGridOptions>(SendGridOptions.SectionName);
        }
        builder.AddCheckedOptions<SendGridOptions>(SendGridOptions.SectionName);
        builder.Services.AddSingleton<IValidateOptions<SendGridOptions>, SendGridOptionsValidator>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddProviderClient(SendGridSender.ProviderName, container =>
            container.GetRequiredService<IOptions<SendGridOptions>>().Value.BaseAddress);
        builder.Services.AddSingleton<IProviderSender, SendGridSender>();
        builder.Services.AddSingleton<IWebhookProvider, SendGridWebhook>();
        return builder;
    }
}
