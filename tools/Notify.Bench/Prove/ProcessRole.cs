using Notify.Functions.Infrastructure.Resilience;
using Notify.LocalHost.FaultInjection;

namespace Notify.Bench.Prove;

/// <summary>A process's part: the functions it runs, and the places where it can die by itself.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Functions">The functions.</param>
/// <param name="Places">The fault points that it passes.</param>
internal sealed record ProcessRole(string Name, string Functions, IReadOnlyList<string> Places)
{
    private const string Dispatchers = "Dispatch,DispatchUrgent,FanOut,FanOutUrgent";
    private const string Senders = "SendEmail,SendEmailUrgent,SendSms,SendSmsUrgent,SendPush,SendPushUrgent,SendInApp,SendInAppUrgent";

    private static readonly string[] OfDispatch =
    [
        CrashPoint.AfterHeads, CrashPoint.AfterDecisions, CrashPoint.AfterCacheRead, CrashPoint.BeforeMark, CrashPoint.AfterKeys,
        CrashPoint.AfterEnqueue,
        CrashPoint.AfterFanOutEnqueue, CrashPoint.AfterFanOutPage, CrashPoint.AfterFanOutProgress,
    ];

    private static readonly string[] OfSending = [CrashPoint.AfterProvider, CrashPoint.AfterClaim, CrashPoint.AfterFacts];

    /// <summary>Takes events and reports.</summary>
    public static ProcessRole Front { get; } =
        new("front", "Notify,NotifyBatch,ReceiveWebhook,GetNotification,Health", [CrashPoint.AfterDecisions, CrashPoint.AfterEnqueue]);

    /// <summary>Builds digests, releases what is due, looks after poison queues.</summary>
    public static ProcessRole Timer { get; } =
        new("timer", "BuildDigests,CloseDigests,MeasureBacklog,DrainPoison",
            [CrashPoint.AfterClose, CrashPoint.AfterDigestEnqueue, CrashPoint.AfterRelease]);

    /// <summary>All processes.</summary>
    public static IReadOnlyList<ProcessRole> All { get; } =
    [
        Front, new("dispatch-1", Dispatchers, OfDispatch), new("dispatch-2", Dispatchers, [.. OfDispatch.Reverse()]),
        new("send-1", Senders, OfSending), new("send-2", Senders, [.. OfSending.Reverse()]), Timer,
    ];

    /// <summary>Whether the guard that <c>--break</c> names is missing here when such a process dies.</summary>
    public bool ReliesOn(string guard) => guard switch
    {
        GuardRemoval.CommitBeforeWrite => IsDispatcher,
        GuardRemoval.DropOutbox => this == Timer,
        _ => Functions == Senders,
    };

    /// <summary>Whether it sends.</summary>
    public bool IsSender => Functions == Senders;

    /// <summary>Whether a new one needs seconds before it gets any work: the group has to notice first.</summary>
    public bool IsDispatcher => Name.StartsWith("dispatch", StringComparison.Ordinal);
}
