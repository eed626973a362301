namespace Notify.Sandbox.AzureCommunication;

/// <summary>
/// What the sandbox reports, by the names that it is asked for them; the events have them capitalised
/// (<see href="https://learn.microsoft.com/azure/event-grid/communication-services-email-events">email events</see>).
/// </summary>
internal static class AcsReportKinds
{
    public const string Delivered = "delivered";
    public const string Bounced = "bounced";
    public const string Failed = "failed";
    public const string Suppressed = "suppressed";
    public const string Quarantined = "quarantined";
    public const string FilteredSpam = "filteredSpam";
    public const string Expanded = "expanded";
    public const string View = "view";
    public const string Click = "click";

    public static IReadOnlyList<string> All { get; } =
        [Delivered, Bounced, Failed, Suppressed, Quarantined, FilteredSpam, Expanded, View, Click];
}
