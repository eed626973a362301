namespace Notify.Functions.Ledger;

/// <summary>The tables of the service, as Azure names them (letters and digits).</summary>
internal static class TableNames
{
    /// <summary>Heads of events, deduplication keys, progress of fan-out.</summary>
    public const string Events = "events";

    /// <summary>Decisions, attempts, digest items.</summary>
    public const string Deliveries = "deliveries";

    /// <summary>Records that were set aside.</summary>
    public const string Rejected = "rejected";

    /// <summary>What came to nothing and can be sent again.</summary>
    public const string DeadLetters = "deadletters";

    /// <summary>Who the recipients are.</summary>
    public const string Recipients = "recipients";

    /// <summary>Addresses that nothing is sent to.</summary>
    public const string Suppressions = "suppressions";

    /// <summary>Which recipients have which address, by hashes.</summary>
    public const string Addresses = "addresses";

    /// <summary>Who has subscribed to which topic.</summary>
    public const string Topics = "topics";

    /// <summary>What in-app notifications show.</summary>
    public const string Inbox = "inbox";

    /// <summary>Every table.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Events, Deliveries, Rejected, DeadLetters, Recipients, Suppressions, Addresses, Topics, Inbox];
}
