using Notify.Functions.Contract;

namespace Notify.Functions.Sending;

/// <summary>The queues between dispatch and the channels: two a channel, so that nothing urgent waits behind bulk.</summary>
internal static class ChannelQueues
{
    /// <summary>Bulk email.</summary>
    public const string Email = "notify-email";

    /// <summary>Urgent email.</summary>
    public const string EmailUrgent = "notify-email-urgent";

    /// <summary>Bulk text messages.</summary>
    public const string Sms = "notify-sms";

    /// <summary>Urgent text messages.</summary>
    public const string SmsUrgent = "notify-sms-urgent";

    /// <summary>Bulk push.</summary>
    public const string Push = "notify-push";

    /// <summary>Urgent push.</summary>
    public const string PushUrgent = "notify-push-urgent";

    /// <summary>Bulk inbox.</summary>
    public const string InApp = "notify-in-app";

    /// <summary>Urgent inbox.</summary>
    public const string InAppUrgent = "notify-in-app-urgent";

    /// <summary>Every lane.</summary>
    public static IReadOnlyList<string> All { get; } = [Email, EmailUrgent, Sms, SmsUrgent, Push, PushUrgent, InApp, InAppUrgent];

    /// <summary>The queue of a channel's lane.</summary>
    public static string QueueFor(Channel channel, bool urgent) => (channel, urgent) switch
    {
        (Channel.Email, false) => Email,
        (Channel.Email, true) => EmailUrgent,
        (Channel.Sms, false) => Sms,
        (Channel.Sms, true) => SmsUrgent,
        (Channel.Push, false) => Push,
        (Channel.Push, true) => PushUrgent,
        (Channel.InApp, false) => InApp,
        (Channel.InApp, true) => InAppUrgent,
        _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, "Not a channel."),
    };

    /// <summary>The channel of a lane's queue; <see langword="null"/> for another queue.</summary>
    public static Channel? ChannelOf(string queue) => queue switch
    {
        Email or EmailUrgent => Channel.Email,
        Sms or SmsUrgent => Channel.Sms,
        Push or PushUrgent => Channel.Push,
        InApp or InAppUrgent => Channel.InApp,
        _ => null,
    };

    /// <summary>How many deliveries an envelope of a lane takes: few where the next one must not wait, many where cost counts.</summary>
    public static int EnvelopeSize(bool urgent) => urgent ? 10 : 100;
}
