using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Configuration;
using Notify.Functions.Sending;
using Notify.Functions.Sending.InApp;
using Notify.Functions.Sending.Pipeline;
using Notify.Functions.Sending.Sms;
using Notify.Functions.Sending.Throttling;

namespace Notify.Functions.Host;

/// <summary>Lanes to providers.</summary>
internal static class ChannelsFeature
{
    /// <summary>Adds the send path.</summary>
    public static IHostApplicationBuilder AddChannels(this IHostApplicationBuilder builder)
    {
        builder.AddCheckedOptions<ChannelsOptions>(ChannelsOptions.SectionName);
        builder.AddCheckedOptions<PrioritiesOptions>(PrioritiesOptions.SectionName);
        builder.AddCheckedOptions<SendingOptions>(SendingOptions.SectionName);
        builder.AddCheckedOptions<ResilienceOptions>(ResilienceOptions.SectionName);
        builder.AddCheckedOptions<SmsOptions>(SmsOptions.SectionName);
        builder.Services
            .AddSingleton<EnvelopeQueue>()
            .AddSingleton<SendPipeline>()
            .AddSingleton<SendPreparation>()
            .AddSingleton<CancellationCheck>()
            .AddSingleton<DigestEntryRules>()
            .AddSingleton<DigestMembers>()
            .AddSingleton<RecipientRulesRecheck>()
            .AddSingleton<TemplateRenderStep>()
            .AddSingleton<RejectedAddressSuppressor>()
            .AddSingleton<SendLeases>()
            .AddSingleton<AttemptClaims>()
            .AddSingleton<RetryPolicy>()
            .AddSingleton<AttemptOutcomeWriter>()
            .AddSingleton<AttemptJournal>()
            .AddSingleton<ProviderRequests>()
            .AddSingleton<ProviderSelection>()
            .AddSingleton<ProviderRouter>()
            .AddSingleton<WaitingRoom>()
            .AddSingleton<ProviderDispatcher>()
            .AddSingleton<Deferrals>()
            .AddSingleton<SharedThrottle>()
            .AddSingleton<SmsText>()
            .AddSingleton<IValidateOptions<AllSettings>, KnownProvidersCheck>()
            .AddSingleton(new KnownProvider(Channel.InApp, InboxSender.ProviderName))
            .AddSingleton<Inbox>()
            .AddSingleton<IProviderSender, InboxSender>();
        return builder;
    }

    /// <summary>Whether the channel is enabled and names the provider, so that its settings are needed.</summary>
    public static bool Uses(this IConfiguration configuration, Channel channel, string provider)
    {
        var options = configuration.Read<ChannelsOptions>(ChannelsOptions.SectionName).For(channel);
        return options.Enabled && options.ProviderNames.Contains(provider, StringComparer.OrdinalIgnoreCase);
    }
}
