namespace Notify.Sandbox.SendGrid;

/// <summary>
/// The events that the sandbox reports
/// (<see href="https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event">event webhook reference</see>).
/// </summary>
internal static class EventKinds
{
    public const string Processed = "processed";
    public const string Deferred = "deferred";
    public const string Delivered = "delivered";
    public const string Bounce = "bounce";
    public const string Dropped = "dropped";
    public const string Open = "open";
    public const string Click = "click";
    public const string SpamReport = "spamreport";
    public const string Unsubscribe = "unsubscribe";

    public static IReadOnlyList<string> All { get; } =
        [Processed, Deferred, Delivered, Bounce, Dropped, Open, Click, SpamReport, Unsubscribe];
}
