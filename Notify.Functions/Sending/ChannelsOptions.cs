using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Notify.Functions.Contract;

namespace Notify.Functions.Sending;

/// <summary>The settings of the four channels, by their names.</summary>
public sealed class ChannelsOptions
{
    /// <summary>The settings section.</summary>
    public const string SectionName = "Notify:Channels";

    /// <summary>Email. A request carries up to 1,000 recipients of one event.</summary>
    [ConfigurationKeyName("email")]
    public ChannelOptions Email { get; set; } = new() { BatchSize = 100, RateLimit = 100, Providers = "sendgrid" };

    /// <summary>Text messages.</summary>
    [ConfigurationKeyName("sms")]
    public SmsChannelOptions Sms { get; set; } = new() { BatchSize = 10, RateLimit = 20, Providers = "twilio" };

    /// <summary>Push notifications.</summary>
    [ConfigurationKeyName("push")]
    public ChannelOptions Push { get; set; } = new() { BatchSize = 10, RateLimit = 500, Providers = "fcm" };

    /// <summary>The inbox.</summary>
    [ConfigurationKeyName("in_app")]
    public ChannelOptions InApp { get; set; } = new() { BatchSize = 100, Providers = "inbox" };

    /// <summary>The settings of one channel.</summary>
    public ChannelOptions For(Channel channel) => channel switch
    {
        Channel.Email => Email,
        Channel.Sms => Sms,
        Channel.Push => Push,
        Channel.InApp => InApp,
        _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, "Not a channel."),
    };
}

/// <summary>The settings of one channel.</summary>
public class ChannelOptions : IValidatableObject
{
    /// <summary>Whether anything is sent on the channel.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>How many deliveries are claimed and sent together: the most that a dying process can leave in doubt.</summary>
    /// <value>Default: 100 for email and the inbox, 10 for sms and push.</value>
    [Range(1, 1000)]
    public int BatchSize { get; set; } = 10;

    /// <summary>
    /// How many requests a second each of the channel's providers takes from all instances together, with a burst of half a second, at
    /// least one; 0: no limit.
    /// </summary>
    /// <value>Default: 100 for email (a request carries up to 1,000 recipients of one event), 20 for sms, 500 for push, 0 for the
    /// inbox.</value>
    public double RateLimit { get; set; }

    /// <summary>
    /// The providers to use, in order, separated by commas: the next one where one's circuit is open, or it has provably not accepted.
    /// </summary>
    /// <value>Default: <c>sendgrid</c>, <c>twilio</c>, <c>fcm</c>, <c>inbox</c>.</value>
    public string Providers { get; set; } = string.Empty;

    /// <summary><see cref="Providers"/>, one by one.</summary>
    public IReadOnlyList<string> ProviderNames =>
        Providers.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (RateLimit is not (0 or >= 0.01 and <= 100_000))
        {
            yield return new ValidationResult($"{nameof(RateLimit)} must be from 0.01 to 100000, or 0 for none.");
        }
        if (Enabled && ProviderNames.Count == 0)
        {
            yield return new ValidationResult(
                $"{nameof(Providers)} names no provider; set {nameof(Enabled)} to false to switch the channel off.");
        }
    }
}

/// <summary>The settings of the channel for text messages.</summary>
public sealed class SmsChannelOptions : ChannelOptions
{
    /// <summary>
    /// How many characters a text message may have, in UTF-16 code units (most emoji have two); a longer one has failed, with
    /// <c>sms:too_long</c>. What it costs is bounded by <see cref="Sms.SmsOptions.MaxSegments"/>.
    /// </summary>
    /// <value>Default: 1,600, as many as Twilio takes (its error 21617). 160 keeps each message in one segment of GSM-7.</value>
    [Range(1, 10_000)]
    public int MaxMessageLength { get; set; } = 1600;
}
