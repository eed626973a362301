using Microsoft.Extensions.Options;
using Notify.Functions.Contract;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>Which providers a channel uses.</summary>
public sealed class ProviderSelection(IEnumerable<IProviderSender> senders, IOptions<ChannelsOptions> channels)
{
    private readonly IReadOnlyList<IProviderSender> _senders = [.. senders];

    /// <summary>The providers of the channel's settings, in order; at least one.</summary>
    /// <exception cref="InvalidOperationException">The settings name a provider that this app does not have.</exception>
    public IReadOnlyList<IProviderSender> Select(Channel channel) => [.. channels.Value.For(channel).ProviderNames.Select(name =>
        _senders.FirstOrDefault(sender => sender.Channel == channel && string.Equals(sender.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new InvalidOperationException(
                $"Setting {ChannelsOptions.SectionName}:{channel.Name()}:{nameof(ChannelOptions.Providers)} names '{name}', which does "
                    + $"not serve {channel.Name()}."))];
}
