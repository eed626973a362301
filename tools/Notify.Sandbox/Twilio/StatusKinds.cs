namespace Notify.Sandbox.Twilio;

/// <summary>
/// The values of <c>MessageStatus</c> that the sandbox reports
/// (<see href="https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks">outbound message status</see>).
/// </summary>
internal static class StatusKinds
{
    public const string Queued = "queued";
    public const string Sent = "sent";
    public const string Delivered = "delivered";
    public const string Undelivered = "undelivered";
    public const string Failed = "failed";

    public static IReadOnlyList<string> All { get; } = [Queued, Sent, Delivered, Undelivered, Failed];
}
