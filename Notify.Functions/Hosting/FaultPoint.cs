using System.Diagnostics;
using System.Globalization;

namespace Notify.Functions.Hosting;

/// <summary>
/// Named places between two writes at which a test can kill the process, for real: no exception, no <c>finally</c>, no flush. Off unless
/// the environment variable <see cref="Variable"/> names one.
/// </summary>
public static class FaultPoint
{
    /// <summary><c>NAME</c> or <c>NAME:N</c>: kill this process when it reaches the place for the N-th time.</summary>
    public const string Variable = "NOTIFY_KILL_AT";

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
        AfterCacheRead, AfterKeys, AfterHeads, AfterFanOutEnqueue, AfterDecisions, AfterEnqueue, AfterFanOutPage, AfterFanOutProgress, BeforeMark, AfterClaim, AfterProvider, AfterFacts, AfterRelease, AfterClose, AfterDigestEnqueue,
    ];

    // Below All, which it needs.
    private static readonly (string Name, int Count)? Armed = Read(Environment.GetEnvironmentVariable(Variable));
    private static int _reached;

    /// <summary>Says that the process is at a place; where it is armed, it does not return.</summary>
    public static void Reach(string name)
    {
        if (Armed is { } armed && string.Equals(armed.Name, name, StringComparison.Ordinal) && Interlocked.Increment(ref _reached) == armed.Count)
        {
            using var self = Process.GetCurrentProcess();
            self.Kill();
            // The signal may take a moment; whoever is here must not get any further.
            using var never = new ManualResetEventSlim();
            never.Wait();
        }
    }

    private static (string Name, int Count)? Read(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }
        var parts = value.Split(':', 2);
        return All.Contains(parts[0], StringComparer.Ordinal)
            ? (parts[0], parts.Length == 2 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 1)
            : throw new InvalidOperationException($"{Variable} names no fault point: {string.Join(", ", All)}.");
    }
}
