using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Notify.Functions.Cancellation;
using Notify.Functions.Dispatch;
using Notify.Functions.Dispatch.Decisions;
using Notify.Functions.Dispatch.Deduplication;
using Notify.Functions.Dispatch.FanOut;
using Notify.Functions.Infrastructure.Configuration;

namespace Notify.Functions.Host;

/// <summary>Topic to decisions to lanes.</summary>
internal static class DispatchFeature
{
    /// <summary>Adds the dispatcher; the cache behind it is added with Redis.</summary>
    public static IHostApplicationBuilder AddDispatch(this IHostApplicationBuilder builder)
    {
        builder.AddCheckedOptions<DeduplicationOptions>(DeduplicationOptions.SectionName);
        builder.AddCheckedOptions<ThrottlingOptions>(ThrottlingOptions.SectionName);
        builder.Services.AddSingleton<EventDispatcher>().AddSingleton<DispatchBatchHandler>().AddSingleton<RecordRejection>()
            .AddSingleton<EventAdmission>().AddSingleton<DispatchCache>().AddSingleton<DecisionInputLoader>().AddSingleton<DecisionDrafts>()
            .AddSingleton<DeliveryDecider>()
            .AddSingleton<FanOutQueue>().AddSingleton<FanOutProgressTable>().AddSingleton<FanOutHandler>()
            .AddSingleton<FanOutCancellation>();
        return builder;
    }
}
