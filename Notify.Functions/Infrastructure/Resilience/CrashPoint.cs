namespace Notify.Functions.Infrastructure.Resilience;

/// <summary>
/// Named places between two writes at which a process can be made to die, to show that nothing is lost or doubled there. The app passes
/// them and nothing happens: no setting arms them, only the local host does.
/// </summary>
internal static class CrashPoint
{
    /// <summary>The dedup cache has answered; nothing is written.</summary>
    public const string AfterCacheRead = "dispatch.after-cache-read";

    /// <summary>Deduplication keys are claimed.</summary>
    public const string AfterKeys = "dispatch.after-keys";

    /// <summary>The heads of the events stand.</summary>
    public const string AfterHeads = "dispatch.after-heads";

    /// <summary>The ranges of a topic are enqueued; nothing of the event is decided.</summary>
    public const string AfterFanOutEnqueue = "dispatch.after-fanout-enqueue";

    /// <summary>A page of a topic's subscribers is decided and enqueued; the progress does not know.</summary>
    public const string AfterFanOutPage = "fanout.after-page";

    /// <summary>The progress of a topic's range is written down; there are pages to come.</summary>
    public const string AfterFanOutProgress = "fanout.after-progress";

    /// <summary>The decisions stand; nothing is enqueued.</summary>
    public const string AfterDecisions = "dispatch.after-decisions";

    /// <summary>An envelope is enqueued.</summary>
    public const string AfterEnqueue = "lane.after-enqueue";

    /// <summary>Everything is enqueued; the dedup cache does not know yet.</summary>
    public const string BeforeMark = "dispatch.before-mark";

    /// <summary>Attempts are claimed; nothing is sent.</summary>
    public const string AfterClaim = "send.after-claim";

    /// <summary>The provider has answered; nothing is recorded.</summary>
    public const string AfterProvider = "send.after-provider";

    /// <summary>The facts are recorded; their consequences are not drawn.</summary>
    public const string AfterFacts = "send.after-facts";

    /// <summary>Deferred deliveries are enqueued; their due rows are still there.</summary>
    public const string AfterRelease = "due.after-release";

    /// <summary>A digest is closed; its members do not know and it is not enqueued.</summary>
    public const string AfterClose = "digest.after-close";

    /// <summary>A digest is enqueued; its outbox row is still there.</summary>
    public const string AfterDigestEnqueue = "digest.after-enqueue";

    /// <summary>Every place, in the order in which an event passes them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        AfterCacheRead, AfterKeys, AfterHeads, AfterFanOutEnqueue, AfterDecisions, AfterEnqueue, AfterFanOutPage, AfterFanOutProgress,
        BeforeMark, AfterClaim, AfterProvider, AfterFacts, AfterRelease, AfterClose, AfterDigestEnqueue,
    ];

    private static volatile Action<string>? _reached;

    /// <summary>Says that the process is at a place.</summary>
    public static void Hit(string name) => _reached?.Invoke(name);

    /// <summary>Has every place told from now on. Who is told may end the process, but throws nothing.</summary>
    internal static void Arm(Action<string> reached) => _reached = reached;
}
