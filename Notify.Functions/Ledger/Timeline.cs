using System.Globalization;
using Notify.Functions.Contract;

namespace Notify.Functions.Ledger;

/// <summary>Makes the readable story of a delivery out of its rows. Pure.</summary>
internal static class Timeline
{
    /// <summary>A delivery that a digest may have taken in: what became of the digest became of it.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="digest">Its digest, where it has one.</param>
    public static DeliveryView Build(DeliveryRecord delivery, DeliveryRecord? digest)
    {
        var own = Build(delivery.Decision, delivery.Attempts);
        if (digest is null)
        {
            return own;
        }
        var theirs = Build(digest.Decision, digest.Attempts);
        var gathered = new TimelineEntry(digest.Decision.At, "gathered", Detail: theirs.Id);
        var member = own with { Digest = theirs.Id, Timeline = [own.Timeline[0], gathered, .. own.Timeline.Skip(1)] };
        if (delivery.Attempts.Count > 0)
        {
            return member;
        }
        member = member with
        {
            Attempts = theirs.Attempts,
            Due = theirs.Due,
            Timeline = [.. member.Timeline, .. theirs.Timeline.Where(entry => entry.Attempt is not null)]
        };
        return StatusRule.Follows(delivery, digest)
            ? member with
            {
                Status = theirs.Status,
                Reason = theirs.Reason,
                Provider = theirs.Provider,
                ProviderMessageId = theirs.ProviderMessageId,
                At = theirs.At
            }
            : member;
    }

    /// <summary>The delivery as people see it.</summary>
    public static DeliveryView Build(DecisionRow decision, IReadOnlyList<AttemptRow> attempts)
    {
        var status = StatusRule.Apply(decision, attempts);
        var latest = StatusRule.Deciding(attempts);
        // Providers' clocks differ from ours, and some know whole seconds only: nothing comes before its cause.
        var entries = attempts.OrderBy(attempt => attempt.Id.Number)
            .SelectMany(attempt => EntriesOf(attempt).Select(entry => (entry, After: attempt.At)))
            .Prepend((entry: new TimelineEntry(decision.At, "decided", Detail: decision.Decision.Reason), After: decision.At))
            .OrderBy(one => new[] { one.entry.At, one.After, decision.At }.Max())
            .Select(one => one.entry)
            .ToList();
        return new DeliveryView
        {
            Id = decision.Id.ToString(),
            Recipient = decision.Recipient,
            Channel = decision.Id.Channel.Name(),
            Status = status.ToString().ToLowerInvariant(),
            Reason = ReasonOf(decision, latest, status),
            Provider = latest?.Provider,
            ProviderMessageId = latest?.MessageId,
            Attempts = attempts.Count,
            Digest = decision.Digest,
            Due = latest is null && decision.Digest is null ? decision.Decision.Due : latest is { RetryDue: { } retry }
                && status == DeliveryStatus.Pending ? retry : null,
            At = latest is null ? decision.At : EntriesOf(latest).Max(entry => entry.At),
            Timeline = entries,
        };
    }

    private static string ReasonOf(DecisionRow decision, AttemptRow? latest, DeliveryStatus status) => (status, latest) switch
    {
        (DeliveryStatus.Bounced, { } attempt) => attempt.BouncedReason ?? "bounced",
        (DeliveryStatus.Failed, { } attempt) => attempt.FailedReason ?? "failed",
        (DeliveryStatus.Pending, { RetryReason: { } reason } attempt) =>
            $"retry at {Format(attempt.RetryDue)}: {reason}",
        (DeliveryStatus.Suppressed, { SuppressedReason: { } reason }) => reason,
        (DeliveryStatus.Pending, not null) => "sending",
        (_, not null) => status.ToString().ToLowerInvariant(),
        (DeliveryStatus.Pending, null) when decision.Decision.Kind == DecisionKind.Defer =>
            $"deferred until {Format(decision.Decision.Due)}: {decision.Decision.Reason}",
        _ => decision.Decision.Reason,
    };

    private static string Format(DateTimeOffset? time) => string.Create(CultureInfo.InvariantCulture, $"{time:yyyy-MM-dd'T'HH:mm:ss'Z'}");

    private static IEnumerable<TimelineEntry> EntriesOf(AttemptRow attempt)
    {
        var n = attempt.Id.Number;
        TimelineEntry? Entry(DateTimeOffset? at, string fact, string? detail = null) =>
            at is { } time ? new TimelineEntry(time, fact, n, attempt.Provider, detail) : null;

        IEnumerable<TimelineEntry?> entries =
        [
            attempt.Claim is null ? null : new TimelineEntry(attempt.At, "claimed", n, attempt.FirstProvider),
            .. attempt.Tried.Select(one => new TimelineEntry(one.At, "failed_over", n, one.Provider, one.Reason)),
            Entry(attempt.UnknownAt, "unknown", attempt.UnknownReason),
            Entry(attempt.RetryAt, "retry", attempt.RetryReason),
            Entry(attempt.CancelledAt, "cancelled"),
            Entry(attempt.ExpiredAt, "expired"),
            Entry(attempt.SuppressedAt, "suppressed", attempt.SuppressedReason),
            Entry(attempt.SentAt, "sent"),
            Entry(attempt.FailedAt, "failed", attempt.FailedReason),
            Entry(attempt.DeliveredAt, "delivered"),
            Entry(attempt.BouncedAt, "bounced", attempt.BouncedReason),
            .. attempt.Engagements.Select(engagement =>
                Entry(engagement.FirstAt, engagement.Kind, engagement.Count > 1
                    ? string.Create(CultureInfo.InvariantCulture, $"{engagement.Count} times") : null)),
        ];
        return entries.OfType<TimelineEntry>();
    }
}
