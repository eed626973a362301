using Notify.Bench.World;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.LocalHost.FaultInjection;

namespace Notify.Bench.Prove;

/// <summary>Holds what was asked for against what the ledger says and what the providers received. Pure.</summary>
internal sealed class ConsistencyChecker
{
    private readonly Observations _observations;
    private readonly KeyedHashes _keyedHashes;
    private readonly Dictionary<string, DeliveryRecord> _deliveries;
    private readonly ILookup<string, SandboxMessage> _messages;
    private readonly List<Violation> _findings = [];

    private ConsistencyChecker(Observations observations, KeyedHashes keyedHashes)
    {
        (_observations, _keyedHashes) = (observations, keyedHashes);
        _deliveries = observations.Deliveries.ToDictionary(one => one.Decision.Id.ToString(), StringComparer.Ordinal);
        _messages = observations.Messages.Where(message => message.DeliveryId is not null)
            .ToLookup(message => message.DeliveryId!, StringComparer.Ordinal);
    }

    /// <summary>Everything that is not as it should be.</summary>
    public static IReadOnlyList<Violation> Find(Observations observations, KeyedHashes keyedHashes)
    {
        var consistencyChecker = new ConsistencyChecker(observations, keyedHashes);
        consistencyChecker.LookAtEvents();
        consistencyChecker.LookAtDeliveries();
        consistencyChecker.LookAtMessages();
        return consistencyChecker._findings;
    }

    private void LookAtEvents()
    {
        var wanted = new HashSet<string>(StringComparer.Ordinal);
        var keys = _observations.Produced.ToDictionary(one => one.Event.Id, one => one.Key, StringComparer.Ordinal);
        foreach (var produced in _observations.Produced)
        {
            var id = produced.Event.Id;
            if (!_observations.Heads.TryGetValue(id, out var head))
            {
                if (produced.AcknowledgedAs != id && keys.TryGetValue(produced.AcknowledgedAs, out var first) && first != produced.Key)
                {
                    Add(ViolationKind.Unexplained, $"{id} was answered with {produced.AcknowledgedAs}, with which it shares nothing");
                }
                if (produced.IsAcknowledged && !_observations.Heads.ContainsKey(produced.AcknowledgedAs))
                {
                    Add(ViolationKind.Lost, $"{id} was acknowledged, and the ledger does not have it");
                }
                continue;
            }
            if (head.DuplicateOf is not null)
            {
                if (!keys.TryGetValue(head.DuplicateOf, out var key) || key != produced.Key)
                {
                    Add(ViolationKind.Unexplained, $"{id} is called a duplicate of {head.DuplicateOf}, with which it shares nothing");
                }
                continue;
            }
            foreach (var delivery in produced.Recipients.SelectMany(recipient =>
                produced.Event.Channels.Select(channel => _keyedHashes.Delivery(head.Event, recipient, channel).ToString())))
            {
                wanted.Add(delivery);
                if (!_deliveries.ContainsKey(delivery))
                {
                    Add(ViolationKind.Lost, $"{id} was never decided for a recipient", delivery);
                }
            }
        }
        foreach (var same in _observations.Produced.Where(one => _observations.Heads.ContainsKey(one.Event.Id))
            .GroupBy(one => one.Key, StringComparer.Ordinal)
            .Where(same => same.All(one => _observations.Heads[one.Event.Id].DuplicateOf is not null)))
        {
            Add(ViolationKind.Lost, $"All of {string.Join(", ", same.Select(one => one.Event.Id))} are called duplicates, of each other");
        }
        var digests = _deliveries.Values.Where(one => one.Decision.Members is not null).Select(one => one.Decision.Id.ToString());
        foreach (var delivery in _deliveries.Keys.Except(wanted.Concat(digests), StringComparer.Ordinal))
        {
            Add(ViolationKind.Unexplained, "A delivery was decided that nobody has asked for", delivery);
        }
    }

    private void LookAtDeliveries()
    {
        var digests = _deliveries.Values.Where(one => one.Decision.Members is not null)
            .SelectMany(one => one.Decision.Members!.Split(' ').Select(member => (member, Digest: one.Decision.Id.ToString())))
            .ToLookup(one => one.member, one => one.Digest, StringComparer.Ordinal);
        foreach (var (delivery, (decision, attempts)) in _deliveries)
        {
            var received = _messages[delivery].ToList();
            var times = decision.Id.Channel == Channel.InApp
                ? Convert.ToInt32(_observations.Inbox.Contains(delivery))
                : received.GroupBy(message => message.To, StringComparer.Ordinal).Select(same => same.Count()).DefaultIfEmpty(0).Max();
            var hasGap = attempts.Any(attempt => attempt.UnknownAt is not null);
            switch (StatusRule.Apply(decision, attempts))
            {
                case DeliveryStatus.Pending:
                    Add(ViolationKind.Lost, "Nothing final has become of it", delivery);
                    break;
                case DeliveryStatus.Batched when decision.Digest is null:
                    Add(ViolationKind.Lost, "It waits for a digest that never came", delivery);
                    break;
                case DeliveryStatus.Batched when digests[delivery].Count() != 1 || digests[delivery].First() != decision.Digest:
                    Add(ViolationKind.Doubled, $"It is in {digests[delivery].Count()} digests", delivery);
                    break;
                case DeliveryStatus.Sent or DeliveryStatus.Delivered or DeliveryStatus.Bounced when times == 0:
                    Add(ViolationKind.Lost, "The ledger says that it was sent, and no provider has it", delivery);
                    break;
                // What a provider has accepted and given up later was sent too.
                case DeliveryStatus.Failed when times > 0 && !hasGap
                && attempts.All(attempt => attempt.SentAt is null && attempt.DeliveredAt is null && attempt.BouncedAt is null
                    && !IsReported(attempt)):
                    Add(ViolationKind.Unexplained, "The ledger says that it failed, and a provider has it", delivery);
                    break;
                case DeliveryStatus.Suppressed or DeliveryStatus.Expired or DeliveryStatus.Cancelled or DeliveryStatus.Batched
                    when times > 0 && !hasGap:
                    Add(ViolationKind.Unexplained, "It was not to be sent, and a provider has it", delivery);
                    break;
                default:
                    break;
            }
            if (times > 1 || received.Select(message => (message.AttemptId, message.To)).Distinct().Count() < received.Count)
            {
                var isOneAttempt = received.GroupBy(message => (message.AttemptId, message.To)).Any(same => same.Count() > 1);
                Add(hasGap && !isOneAttempt ? ViolationKind.InTheGap : ViolationKind.Doubled, isOneAttempt
                    ? "One attempt was sent twice" : $"It was sent {times} times", delivery);
            }
        }
    }

    // Only a report says failed of an attempt whose claim was never followed by an answer: the process died, and the provider was faster
    // than its successor.
    private static bool IsReported(AttemptRow attempt) =>
        attempt.FailedAt is not null && attempt.FailedReason is { } reason
        && int.TryParse(reason, System.Globalization.CultureInfo.InvariantCulture, out _);

    private void LookAtMessages()
    {
        foreach (var message in _observations.Messages)
        {
            if (message.DeliveryId is null || !_deliveries.TryGetValue(message.DeliveryId, out var delivery))
            {
                Add(ViolationKind.Unexplained,
                    $"A provider has message {message.Sequence} ({message.Channel}), of which the ledger knows nothing",
                    message.DeliveryId);
            }
            else if (!delivery.Attempts.Any(attempt => attempt.Id.ToString() == message.AttemptId))
            {
                Add(ViolationKind.Unexplained, $"A provider has attempt {message.AttemptId}, of which there is no row", message.DeliveryId);
            }
            else if (delivery.Attempts.First(attempt => attempt.Id.ToString() == message.AttemptId).Deadline is { } deadline
                && message.ReceivedAt - (deadline - OffsetTimeProvider.OffsetOf(deadline)) is { } late && late > TimeSpan.Zero)
            {
                Add(ViolationKind.Late, FormattableString.Invariant(
                    $"Attempt {message.AttemptId} reached the provider {late.TotalSeconds:f1} s after its claim had run out"),
                        message.DeliveryId);
            }
        }
    }

    private void Add(ViolationKind kind, string what, string? delivery = null) => _findings.Add(new Violation(
        kind, what, delivery, delivery is not null && _deliveries.TryGetValue(delivery, out var found)
            ? Violation.TimelineOf(found.Decision, found.Attempts) : null));
}
