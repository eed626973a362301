using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Configuration;

namespace Notify.Functions.Sending;

/// <summary>A provider that a channel's settings may name.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Name">The provider's name: <see cref="IProviderSender.Name"/>.</param>
internal sealed record KnownProvider(Channel Channel, string Name);

/// <summary>Whether there is every provider that a channel's settings name, and serves that channel.</summary>
internal sealed class KnownProvidersCheck(IConfiguration configuration, IEnumerable<KnownProvider> providers)
    : IValidateOptions<AllSettings>
{
    public ValidateOptionsResult Validate(string? name, AllSettings options)
    {
        var channels = configuration.Read<ChannelsOptions>(ChannelsOptions.SectionName);
        var faults = ContractNames.Channels.SelectMany(channel =>
            channels.For(channel).ProviderNames.Select(provider => FaultOf(channel, provider)))
            .OfType<string>().ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private string? FaultOf(Channel channel, string provider)
    {
        var known = providers.Where(one => one.Channel == channel).Select(one => one.Name).Order(StringComparer.Ordinal).ToList();
        return known.Contains(provider, StringComparer.OrdinalIgnoreCase)
            ? null
            : $"{ChannelsOptions.SectionName}:{channel.Name()}:{nameof(ChannelOptions.Providers)} names '{provider}', which is not a "
                + $"provider "
            + $"of {channel.Name()}; there {(known.Count == 1 ? "is" : "are")} {string.Join(", ", known)}.";
    }
}
