using Notify.Bench.World;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.LocalHost.FaultInjection;

namespace Notify.Bench.Prove;

/// <summary>Holds what was asked for against what the ledger says and what the providers received. Pure.</summary>
internal sealed class Judge
{
    private readonly Evidence _evidence;
    private readonly Identities _identities;
    private readonly Dictionary<string, DeliveryRecord> _deliveries;
    private readonly ILookup<string, SandboxMessage> _messages;
    private readonly List<Finding> _findings = [];

    private Judge(Evidence evidence, Identities identities)
    {
        (_evidence, _identities) = (evidence, identities);
        _deliveries = evidence.Deliveries.ToDictionary(one => one.Decision.Id.ToString(), StringComparer.Ordinal);
        _messages = evidence.Messages.Where(message => message.DeliveryId is not null).ToLookup(message => message.DeliveryId!, StringComparer.Ordinal);
    }

    /// <summary>Everything that is not as it should be.</summary>
    public static IReadOnlyList<Finding> Find(Evidence evidence, Identities identities)
    {
        var judge = new Judge(evidence, identities);
        judge.LookAtEvents();
        judge.LookAtDeliveries();
        judge.LookAtMessages();
        return judge._findings;
    }

    private void LookAtEvents()
    {
        var wanted = new HashSet<string>(StringComparer.Ordinal);
        var keys = _evidence.Produced.ToDictionary(one => one.Event.Id, one => one.Key, StringComparer.Ordinal);
        foreach (var produced in _evidence.Produced)
        {
            var id = produced.Event.Id;
            if (!_evidence.Heads.TryGetValue(id, out var head))
            {
                if (produced.AcknowledgedAs != id && keys.TryGetValue(produced.AcknowledgedAs, out var first) && first != produced.Key)
                {
                    Add(FindingKind.Unexplained, $"{id} was answered with {produced.AcknowledgedAs}, with which it shares nothing");
                }
                if (produced.IsAcknowledged && !_evidence.Heads.ContainsKey(produced.AcknowledgedAs))
                {
                    Add(FindingKind.Lost, $"{id} was acknowledged, and the ledger does not have it");
                }
                continue;
            }
            if (head.DuplicateOf is not null)
            {
                if (!keys.TryGetValue(head.DuplicateOf, out var key) || key != produced.Key)
                {
                    Add(FindingKind.Unexplained, $"{id} is called a duplicate of {head.DuplicateOf}, with which it shares nothing");
                }
                continue;
            }
            foreach (var delivery in produced.Recipients.SelectMany(recipient => produced.Event.Channels.Select(channel => _identities.Delivery(head.Event, recipient, channel).ToString())))
            {
                wanted.Add(delivery);
                if (!_deliveries.ContainsKey(delivery))
                {
                    Add(FindingKind.Lost, $"{id} was never decided for a recipient", delivery);
                }
            }
        }
        foreach (var same in _evidence.Produced.Where(one => _evidence.Heads.ContainsKey(one.Event.Id)).GroupBy(one => one.Key, StringComparer.Ordinal)
            .Where(same => same.All(one => _evidence.Heads[one.Event.Id].DuplicateOf is not null)))
        {
            Add(FindingKind.Lost, $"All of {string.Join(", ", same.Select(one => one.Event.Id))} are called duplicates, of each other");
        }
        var digests = _deliveries.Values.Where(one => one.Decision.Members is not null).Select(one => one.Decision.Id.ToString());
        foreach (var delivery in _deliveries.Keys.Except(wanted.Concat(digests), StringComparer.Ordinal))
        {
            Add(FindingKind.Unexplained, "A delivery was decided that nobody has asked for", delivery);
        }
    }

    private void LookAtDeliveries()
    {
        var digests = _deliveries.Values.Where(one => one.Decision.Members is not null).SelectMany(one => one.Decision.Members!.Split(' ').Select(member => (member, Digest: one.Decision.Id.ToString())))
            .ToLookup(one => one.member, one => one.Digest, StringComparer.Ordinal);
        foreach (var (delivery, (decision, attempts)) in _deliveries)
        {
            var received = _messages[delivery].ToList();
            var times = decision.Id.Channel == Channel.InApp ? Convert.ToInt32(_evidence.Inbox.Contains(delivery))
                : received.GroupBy(message => message.To, StringComparer.Ordinal).Select(same => same.Count()).DefaultIfEmpty(0).Max();
            var hasGap = attempts.Any(attempt => attempt.UnknownAt is not null);
            switch (StatusRule.Of(decision, attempts))
            {
                case DeliveryStatus.Pending:
                    Add(FindingKind.Lost, "Nothing final has become of it", delivery);
                    break;
                case DeliveryStatus.Batched when decision.Digest is null:
                    Add(FindingKind.Lost, "It waits for a digest that never came", delivery);
                    break;
                case DeliveryStatus.Batched when digests[delivery].Count() != 1 || digests[delivery].First() != decision.Digest:
                    Add(FindingKind.Doubled, $"It is in {digests[delivery].Count()} digests", delivery);
                    break;
                case DeliveryStatus.Sent or DeliveryStatus.Delivered or DeliveryStatus.Bounced when times == 0:
                    Add(FindingKind.Lost, "The ledger says that it was sent, and no provider has it", delivery);
                    break;
                // What a provider has accepted and given up later was sent too.
                case DeliveryStatus.Failed when times > 0 && !hasGap && attempts.All(attempt => attempt.SentAt is null && attempt.DeliveredAt is null && attempt.BouncedAt is null && !IsReported(attempt)):
                    Add(FindingKind.Unexplained, "The ledger says that it failed, and a provider has it", delivery);
                    break;
                case DeliveryStatus.Suppressed or DeliveryStatus.Expired or DeliveryStatus.Cancelled or DeliveryStatus.Batched when times > 0 && !hasGap:
                    Add(FindingKind.Unexplained, "It was not to be sent, and a provider has it", delivery);
                    break;
                default:
                    break;
            }
            if (times > 1 || received.Select(message => (message.AttemptId, message.To)).Distinct().Count() < received.Count)
            {
                var isOneAttempt = received.GroupBy(message => (message.AttemptId, message.To)).Any(same => same.Count() > 1);
                Add(hasGap && !isOneAttempt ? FindingKind.InTheGap : FindingKind.Doubled, isOneAttempt ? "One attempt was sent twice" : $"It was sent {times} times", delivery);
            }
        }
    }

    // Only a report says failed of an attempt whose claim was never followed by an answer: the process died, and the provider was faster than its successor.
    private static bool IsReported(AttemptRow attempt) => attempt.FailedAt is not null && attempt.FailedReason is { } reason && int.TryParse(reason, System.Globalization.CultureInfo.InvariantCulture, out _);

    private void LookAtMessages()
    {
        foreach (var message in _evidence.Messages)
        {
            if (message.DeliveryId is null || !_deliveries.TryGetValue(message.DeliveryId, out var delivery))
            {
                Add(FindingKind.Unexplained, $"A provider has message {message.Sequence} ({message.Channel}), of which the ledger knows nothing", message.DeliveryId);
            }
            else if (!delivery.Attempts.Any(attempt => attempt.Id.ToString() == message.AttemptId))
            {
                Add(FindingKind.Unexplained, $"A provider has attempt {message.AttemptId}, of which there is no row", message.DeliveryId);
            }
            else if (delivery.Attempts.First(attempt => attempt.Id.ToString() == message.AttemptId).Deadline is { } deadline
                && message.ReceivedAt - (deadline - ShiftedClock.OffsetOf(deadline)) is { } late && late > TimeSpan.Zero)
            {
                Add(FindingKind.Late, FormattableString.Invariant($"Attempt {message.AttemptId} reached the provider {late.TotalSeconds:f1} s after its claim had run out"), message.DeliveryId);
            }
        }
    }

    private void Add(FindingKind kind, string what, string? delivery = null) => _findings.Add(new Finding(
        kind, what, delivery, delivery is not null && _deliveries.TryGetValue(delivery, out var found) ? Finding.TimelineOf(found.Decision, found.Attempts) : null));
}
