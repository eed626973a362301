using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Notify.Functions.Delivery.Cancellation;
using Notify.Functions.Delivery.Reading;
using Notify.Functions.Delivery.Rejected;
using Notify.Functions.Delivery.Webhooks;
using Notify.Functions.Hosting;

namespace Notify.Functions.Delivery;

/// <summary>The ledger: what is known of every event and delivery.</summary>
public static class DeliveryFeature
{
    /// <summary>Adds the ledger and its readers.</summary>
    public static IHostApplicationBuilder AddDelivery(this IHostApplicationBuilder builder)
    {
        builder.AddCheckedOptions<IdentityOptions>(IdentityOptions.SectionName);
        builder.Services
            .AddSingleton<Identities>()
            .AddSingleton<Ledger>()
            .AddSingleton<DeduplicationKeys>()
            .AddSingleton<RejectedRecords>()
            .AddSingleton<NotificationReader>()
            .AddSingleton<TopicDeliveries>()
            .AddSingleton<RecipientDeliveries>()
            .AddSingleton<RejectedListing>()
            .AddSingleton<RejectedRetry>()
            .AddSingleton<CancellationMarks>()
            .AddSingleton<DeliveryCancellation>()
            .AddSingleton<EventCancellation>()
            .AddSingleton<ReportedAttempts>()
            .AddSingleton<ReportMerger>().AddSingleton<ReportedSuppressions>();
        return builder;
    }
}
