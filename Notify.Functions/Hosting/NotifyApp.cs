using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Notify.Functions.Channels;
using Notify.Functions.Delivery;
using Notify.Functions.Digests;
using Notify.Functions.Dispatch;
using Notify.Functions.Intake;
using Notify.Functions.Recipients;

namespace Notify.Functions.Hosting;

/// <summary>The service's table of contents.</summary>
public static class NotifyApp
{
    /// <summary>Adds every feature, with the production backends.</summary>
    public static IHostApplicationBuilder AddNotify(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<PatientPipeline>();
        return builder
            .AddIntake()
            .AddDispatch()
            .AddRecipients()
            .AddChannels()
            .AddDigests()
            .AddDelivery();
    }
}
