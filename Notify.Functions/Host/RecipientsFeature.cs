using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Notify.Functions.Erasure;
using Notify.Functions.Infrastructure.Configuration;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Rules;
using Notify.Functions.Recipients.Suppressions;
using Notify.Functions.Recipients.Topics;
using Notify.Functions.Recipients.Unsubscribe;

namespace Notify.Functions.Host;

/// <summary>Who the recipients are.</summary>
internal static class RecipientsFeature
{
    /// <summary>Adds the recipient directory and the recipients' rules.</summary>
    public static IHostApplicationBuilder AddRecipients(this IHostApplicationBuilder builder)
    {
        builder.AddCheckedOptions<RecipientsOptions>(RecipientsOptions.SectionName);
        builder.AddCheckedOptions<UnsubscribeOptions>(UnsubscribeOptions.SectionName).PostConfigure<IConfiguration>((options, settings) =>
            options.PublicBaseUrl = settings[PublicAddressOptions.Key]);
        builder.Services.AddSingleton<TableRecipientDirectory>().AddSingleton<RecipientRows>().AddSingleton<BatchRowReader>()
            .AddSingleton<RecipientCache>()
            .AddSingleton<RecipientRules>().AddSingleton<PreferenceStore>().AddSingleton<SuppressionList>().AddSingleton<AddressHashes>()
            .AddSingleton<PushTokenOwners>().AddSingleton<UnsubscribeLinks>()
            .AddSingleton<TopicSubscribers>().AddSingleton<TopicListing>().AddSingleton<RecipientBulk>()
            .AddSingleton<RecipientErasure>().AddSingleton<ErasureSweep>().AddSingleton<RecipientRowEraser>().AddSingleton<DeliveryEraser>()
            .AddSingleton<EventEraser>().AddSingleton<AuxiliaryDataEraser>();
        return builder;
    }
}
