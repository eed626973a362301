using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Configuration;
using Notify.Functions.Sending;

namespace Notify.Functions.Providers.Fcm;

/// <summary>Registers Firebase Cloud Messaging.</summary>
internal static class FcmRegistration
{
    /// <summary>Adds the push sender; one that no channel uses needs no settings and is not there.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="inUse">Whether a channel lists the provider.</param>
    public static IHostApplicationBuilder AddFcm(this IHostApplicationBuilder builder, bool inUse)
    {
        builder.Services.AddSingleton(new KnownProvider(Channel.Push, FcmSender.ProviderName));
        if (!inUse)
        {
            return builder.AddKnownSettings<FcmOptions>(FcmOptions.SectionName);
        }
        builder.AddCheckedOptions<FcmOptions>(FcmOptions.SectionName);
        builder.Services.AddSingleton<IValidateOptions<FcmOptions>, FcmOptionsValidator>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddProviderClient(FcmSender.ProviderName, container =>
            container.GetRequiredService<IOptions<FcmOptions>>().Value.BaseAddress);
        builder.Services.AddSingleton<FcmAccessTokens>();
        builder.Services.AddSingleton<IProviderSender, FcmSender>();
        return builder;
    }
}
