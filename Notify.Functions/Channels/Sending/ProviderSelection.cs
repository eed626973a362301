using Microsoft.Extensions.Options;
using Notify.Functions.Events;

namespace Notify.Functions.Channels.Sending;

/// <summary>Which provider a channel uses now.</summary>
public sealed class ProviderSelection(IEnumerable<IProviderSender> senders, IOptions<ChannelsOptions> channels)
{
    private readonly IReadOnlyList<IProviderSender> _senders = [.. senders];

    /// <summary>The first provider of the channel's settings.</summary>
    /// <exception cref="InvalidOperationException">The settings name a provider that this app does not have.</exception>
    public IProviderSender Choose(Channel channel)
    {
        var name = channels.Value.Of(channel).ProviderNames[0];
        return _senders.FirstOrDefault(sender => sender.Channel == channel && string.Equals(sender.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new InvalidOperationException($"Setting {ChannelsOptions.SectionName}:{channel.Name()}:{nameof(ChannelOptions.Providers)} names '{name}', which does not serve {channel.Name()}.");
    }
}
