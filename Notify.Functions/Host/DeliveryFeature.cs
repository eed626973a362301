using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Notify.Functions.Cancellation;
using Notify.Functions.Infrastructure.Configuration;
using Notify.Functions.Ledger;
using Notify.Functions.Recovery;
using Notify.Functions.Reports;
using Notify.Functions.Status;

namespace Notify.Functions.Host;

/// <summary>The ledger: what is known of every event and delivery.</summary>
internal static class DeliveryFeature
{
    /// <summary>Adds the ledger and its readers.</summary>
    public static IHostApplicationBuilder AddDelivery(this IHostApplicationBuilder builder)
    {
        builder.AddCheckedOptions<IdentityOptions>(IdentityOptions.SectionName);
        builder.Services
            .AddSingleton<KeyedHashes>()
            .AddSingleton<EventHeads>()
            .AddSingleton<DeliveryTable>()
            .AddSingleton<DeduplicationKeys>()
            .AddSingleton<RejectedRecords>()
            .AddSingleton<NotificationReader>()
            .AddSingleton<DigestReader>()
            .AddSingleton<TopicDeliveries>()
            .AddSingleton<RecipientDeliveries>()
            .AddSingleton<RejectedListing>()
            .AddSingleton<RejectedRetry>()
            .AddSingleton<CancellationMarks>()
            .AddSingleton<DeliveryCancellation>()
            .AddSingleton<EventCancellation>()
            .AddSingleton<AttemptLookup>()
            .AddSingleton<ReportRecorder>().AddSingleton<ReportedAddressSuppressor>().AddSingleton<ReportedChoices>();
        return builder;
    }
}
