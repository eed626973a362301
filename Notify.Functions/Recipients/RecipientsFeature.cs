using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Notify.Functions.Hosting;
using Notify.Functions.Recipients.Preferences;
using Notify.Functions.Recipients.Suppressions;
using Notify.Functions.Recipients.Topics;

namespace Notify.Functions.Recipients;

/// <summary>Who the recipients are.</summary>
public static class RecipientsFeature
{
    /// <summary>Adds the recipient directory and the recipients' rules.</summary>
    public static IHostApplicationBuilder AddRecipients(this IHostApplicationBuilder builder)
    {
        builder.AddCheckedOptions<RecipientsOptions>(RecipientsOptions.SectionName);
        builder.Services.AddSingleton<IRecipientDirectory, TableRecipientDirectory>().AddSingleton<RecipientRows>().AddSingleton<ScatteredRows>().AddSingleton<RecipientCache>()
            .AddSingleton<IRecipientRules, RecipientRules>().AddSingleton<PreferenceStore>().AddSingleton<SuppressionList>().AddSingleton<AddressHashes>().AddSingleton<TopicSubscribers>().AddSingleton<TopicListing>().AddSingleton<RecipientBulk>();
        return builder;
    }
}
