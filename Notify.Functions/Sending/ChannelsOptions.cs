using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using Notify.Functions.Contract;

namespace Notify.Functions.Sending;

/// <summary>The settings of the four channels, by their names.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "Options classes are named for their section.")]
public sealed class ChannelsOptions : Dictionary<string, ChannelOptions>, IValidatableObject
{
    /// <summary>The settings section.</summary>
    public const string SectionName = "Notify:Channels";

    /// <summary>Starts with the defaults; settings change them.</summary>
    public ChannelsOptions()
        : base(StringComparer.OrdinalIgnoreCase)
    {
        this[Channel.Email.Name()] = new ChannelOptions { BatchSize = 100, RateLimit = 100, Providers = "sendgrid" };
        this[Channel.Sms.Name()] = new ChannelOptions { BatchSize = 10, RateLimit = 20, Providers = "twilio" };
        this[Channel.Push.Name()] = new ChannelOptions { BatchSize = 10, RateLimit = 500, Providers = "fcm" };
        this[Channel.InApp.Name()] = new ChannelOptions { BatchSize = 100, Providers = "inbox" };
    }

    /// <summary>The settings of one channel.</summary>
    public ChannelOptions Of(Channel channel) => this[channel.Name()];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var unknown in Keys.Where(name => !Names.Channels.Any(channel => string.Equals(channel.Name(), name, StringComparison.OrdinalIgnoreCase))))
        {
            yield return new ValidationResult($"'{unknown}' is no channel; there are email, sms, push and in_app.");
        }
        foreach (var channel in Names.Channels)
        {
            var options = Of(channel);
            if (options.BatchSize is < 1 or > 1000)
            {
                yield return new ValidationResult($"{channel.Name()}:BatchSize is a number from 1 to 1000.");
            }
            if (options.RateLimit is not (0 or >= 0.01 and <= 100_000))
            {
                yield return new ValidationResult($"{channel.Name()}:RateLimit is a number from 0.01 to 100000, or 0 for none.");
            }
            if (options.Enabled && options.ProviderNames.Count == 0)
            {
                yield return new ValidationResult($"{channel.Name()}:Providers names no provider; set Enabled to false to switch the channel off.");
            }
        }
    }
}

/// <summary>The settings of one channel.</summary>
public sealed class ChannelOptions
{
    /// <summary>Whether anything is sent on the channel.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>How many deliveries are claimed and sent together: the most that a dying process can leave in doubt.</summary>
    /// <value>Default: 100 for email and the inbox, 10 for sms and push.</value>
    public int BatchSize { get; set; } = 10;

    /// <summary>How many requests a second each of the channel's providers takes from all instances together, with a burst of as many; 0: as many as there are.</summary>
    /// <value>Default: 100 for email (a request carries up to 1,000 recipients of one event), 20 for sms, 500 for push, 0 for the inbox.</value>
    public double RateLimit { get; set; }

    /// <summary>The providers to use, in order, separated by commas: the next one where one's circuit is open, or it has provably not accepted.</summary>
    /// <value>Default: <c>sendgrid</c>, <c>twilio</c>, <c>fcm</c>, <c>inbox</c>.</value>
    public string Providers { get; set; } = string.Empty;

    /// <summary><see cref="Providers"/>, one by one.</summary>
    public IReadOnlyList<string> ProviderNames => Providers.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
