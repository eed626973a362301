using Notify.Functions.Infrastructure.Resilience;
using Notify.LocalHost.FaultInjection;

namespace Notify.Bench.Prove;

/// <summary>A process's part: the functions it runs, and the places where it can die by itself.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Functions">The functions.</param>
/// <param name="Places">The fault points that it passes.</param>
internal sealed record Role(string Name, string Functions, IReadOnlyList<string> Places)
{
    private const string Dispatchers = "Dispatch,DispatchUrgent,FanOut,FanOutUrgent";
    private const string Senders = "SendEmail,SendEmailUrgent,SendSms,SendSmsUrgent,SendPush,SendPushUrgent,SendInApp,SendInAppUrgent";

    private static readonly string[] OfDispatch =
    [
        FaultPoint.AfterHeads, FaultPoint.AfterDecisions, FaultPoint.AfterCacheRead, FaultPoint.BeforeMark, FaultPoint.AfterKeys, FaultPoint.AfterEnqueue,
        FaultPoint.AfterFanOutEnqueue, FaultPoint.AfterFanOutPage, FaultPoint.AfterFanOutProgress,
    ];

    private static readonly string[] OfSending = [FaultPoint.AfterProvider, FaultPoint.AfterClaim, FaultPoint.AfterFacts];

    /// <summary>Takes events and reports.</summary>
    public static Role Front { get; } = new("front", "Notify,NotifyBatch,ReceiveWebhook,GetNotification,Health", [FaultPoint.AfterDecisions, FaultPoint.AfterEnqueue]);

    /// <summary>Builds digests, releases what is due, looks after poison queues.</summary>
    public static Role Timer { get; } =
        new("timer", "BuildDigests,CloseDigests,MeasureBacklog,DrainPoison", [FaultPoint.AfterClose, FaultPoint.AfterDigestEnqueue, FaultPoint.AfterRelease]);

    /// <summary>All processes.</summary>
    public static IReadOnlyList<Role> All { get; } =
    [
        Front, new("dispatch-1", Dispatchers, OfDispatch), new("dispatch-2", Dispatchers, [.. OfDispatch.Reverse()]), new("send-1", Senders, OfSending), new("send-2", Senders, [.. OfSending.Reverse()]), Timer,
    ];

    /// <summary>Whether the guard that <c>--break</c> names is missing here when such a process dies.</summary>
    public bool ReliesOn(string guard) => guard switch
    {
        Breaks.CommitBeforeWrite => IsDispatcher,
        Breaks.DropOutbox => this == Timer,
        _ => Functions == Senders,
    };

    /// <summary>Whether it sends.</summary>
    public bool IsSender => Functions == Senders;

    /// <summary>Whether a new one needs seconds before it gets any work: the group has to notice first.</summary>
    public bool IsDispatcher => Name.StartsWith("dispatch", StringComparison.Ordinal);
}
