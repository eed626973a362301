using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Notify.Functions.Digests;
using Notify.Functions.Dispatch.Decisions;
using Notify.Functions.Infrastructure.Configuration;
using Notify.Functions.Sending;

namespace Notify.Functions.Host;

/// <summary>What is gathered and sent together.</summary>
internal static class DigestsFeature
{
    /// <summary>Adds the digests.</summary>
    public static IHostApplicationBuilder AddDigests(this IHostApplicationBuilder builder)
    {
        builder.AddCheckedOptions<BatchingOptions>(BatchingOptions.SectionName)
            .PostConfigure<IConfiguration>((options, settings) => options.Allowed =
                settings.Read<PrioritiesOptions>(PrioritiesOptions.SectionName));
        builder.Services.AddSingleton<DigestSchedule>().AddSingleton<DigestBuilder>().AddSingleton<DigestOutbox>()
            .AddSingleton<DigestWithholding>().AddSingleton<DigestComposer>().AddSingleton<ScheduledDeliveryReleaser>()
            .AddSingleton<ScheduledDecisions>();
        return builder;
    }
}
