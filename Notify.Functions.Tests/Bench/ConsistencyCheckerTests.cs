using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Notify.Bench.Prove;
using Notify.Bench.World;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Ledger;
using Notify.Functions.Tests.Harness;
using Notify.LocalHost.FaultInjection;

namespace Notify.Functions.Tests.Bench;

/// <summary>What the judge finds, and what it does not mind, in evidence made by hand.</summary>
public sealed class ConsistencyCheckerTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private readonly KeyedHashes _keyedHashes = new(Options.Create(new IdentityOptions()));
    private readonly List<Produced> _produced = [];
    private readonly Dictionary<string, EventRecord> _heads = new(StringComparer.Ordinal);
    private readonly List<DeliveryRecord> _deliveries = [];
    private readonly List<SandboxMessage> _messages = [];
    private readonly HashSet<string> _inbox = new(StringComparer.Ordinal);

    [Fact]
    public void Finds_nothing_where_everything_was_sent_once()
    {
        var id = Sent("e1");
        Message(id, 1);

        Assert.Empty(Found());
    }

    [Fact]
    public void Finds_an_event_that_was_acknowledged_and_is_not_there()
    {
        Produce("e1", isAcknowledged: true);

        Assert.Equal(["Lost e1 was acknowledged, and the ledger does not have it"], Found());
    }

    [Fact]
    public void Does_not_mind_one_that_was_not_acknowledged()
    {
        Produce("e1", isAcknowledged: false);

        Assert.Empty(Found());
    }

    [Fact]
    public void Finds_a_recipient_who_was_never_decided()
    {
        Produce("e1");
        Head("e1");

        Assert.Equal(["Lost e1 was never decided for a recipient"], Found());
    }

    [Fact]
    public void Finds_what_is_still_pending()
    {
        Produce("e1");
        var id = Head("e1");
        Decide(id, Decision.Send, Attempt(id, 1));

        Assert.Equal(["Lost Nothing final has become of it"], Found());
    }

    [Fact]
    public void Finds_what_no_provider_has_though_the_ledger_says_so()
    {
        Sent("e1");

        Assert.Equal(["Lost The ledger says that it was sent, and no provider has it"], Found());
    }

    [Fact]
    public void Finds_what_was_sent_twice_by_two_attempts_and_by_one()
    {
        var first = Sent("e1");
        Message(first, 1);
        Message(first, 1);
        Produce("e2");
        var second = Head("e2");
        Decide(second, Decision.Send, Attempt(second, 1) with { RetryAt = Now, RetryReason = "503" },
            Attempt(second, 2) with { SentAt = Now });
        Message(second, 1);
        Message(second, 2);

        Assert.Equal(["Doubled One attempt was sent twice", "Doubled It was sent 2 times"], Found());
    }

    [Fact]
    public void Lists_what_was_sent_twice_in_the_gap_apart()
    {
        Produce("e1");
        var id = Head("e1");
        Decide(id, Decision.Send, Attempt(id, 1) with { UnknownAt = Now, UnknownReason = "claim_expired" },
            Attempt(id, 2) with { SentAt = Now });
        Message(id, 1);
        Message(id, 2);

        Assert.Equal(["InTheGap It was sent 2 times"], Found());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(8, 1)]
    [InlineData(-8, 1)]
    [InlineData(0, -1)]
    public void Finds_what_reached_a_provider_after_its_claim_had_run_out_by_the_clock_that_claimed_it(int offset, int late)
    {
        Produce("e1");
        var id = Head("e1");
        var clock = new OffsetTimeProvider(new FakeTimeProvider(Now), TimeSpan.FromSeconds(offset));
        Decide(id, Decision.Send, Attempt(id, 1) with { SentAt = Now, Deadline = clock.GetUtcNow().AddSeconds(-late) });
        Message(id, 1);

        Assert.Equal(late > 0, Found().Any(one => one.StartsWith("Late ", StringComparison.Ordinal)
            && one.EndsWith(" reached the provider 1.0 s after its claim had run out", StringComparison.Ordinal)));
    }

    [Fact]
    public void Finds_one_attempt_that_was_sent_twice_though_an_answer_was_lost()
    {
        Produce("e1");
        var id = Head("e1");
        Decide(id, Decision.Send, Attempt(id, 1) with { UnknownAt = Now, FailedAt = Now, FailedReason = "ambiguous_not_repeated" });
        Message(id, 1);
        Message(id, 1);

        Assert.Equal(["Doubled One attempt was sent twice"], Found());
    }

    [Fact]
    public void Finds_what_was_sent_and_was_not_to_be()
    {
        Produce("e1");
        var id = Head("e1");
        Decide(id, new Decision(DecisionKind.Suppress, "opted_out"),
            Attempt(id, 1) with { SuppressedAt = Now, SuppressedReason = "opted_out" });
        Message(id, 1);

        Assert.Equal(["Unexplained It was not to be sent, and a provider has it"], Found());
    }

    [Fact]
    public void Finds_what_failed_and_was_accepted_all_the_same()
    {
        Produce("e1");
        var id = Head("e1");
        Decide(id, Decision.Send, Attempt(id, 1) with { FailedAt = Now, FailedReason = "retries_used_up: 503" });
        Message(id, 1);

        Assert.Equal(["Unexplained The ledger says that it failed, and a provider has it"], Found());
    }

    [Fact]
    public void Finds_messages_without_a_delivery_and_without_an_attempt()
    {
        var id = Sent("e1");
        Message(id, 1);
        Message(id, 2, to: "another@example.com");
        _messages.Add(new SandboxMessage(9, "email", "sendgrid", "x@example.com", null, null, null, Now));

        Assert.Equal(
            [$"Unexplained A provider has attempt {id}~2, of which there is no row",
                "Unexplained A provider has message 9 (email), of which the ledger knows nothing"],
            Found());
    }

    [Fact]
    public void Finds_deliveries_that_nobody_has_asked_for()
    {
        var id = Sent("e1");
        Message(id, 1);
        _produced.Clear();

        Assert.Equal(["Unexplained A delivery was decided that nobody has asked for"], Found());
    }

    [Fact]
    public void Knows_duplicates_by_their_keys()
    {
        Message(Sent("e1"), 1);
        Produce("e2", key: "e1");
        Produce("e3");
        Head("e2", duplicateOf: "e1");
        Head("e3", duplicateOf: "e1");

        Assert.Equal(["Unexplained e3 is called a duplicate of e1, with which it shares nothing",
            "Lost All of e3 are called duplicates, of each other"], Found());
    }

    [Fact]
    public void Knows_events_that_were_answered_with_the_id_of_the_first_of_their_key()
    {
        Message(Sent("e1"), 1);
        Produce("e2", key: "e1", acknowledgedAs: "e1");
        Produce("e3", acknowledgedAs: "e1");
        Produce("e4", key: "e9", acknowledgedAs: "e9");

        Assert.Equal(["Unexplained e3 was answered with e1, with which it shares nothing",
            "Lost e4 was acknowledged, and the ledger does not have it"], Found());
    }

    [Fact]
    public void Finds_items_without_a_digest_and_in_two()
    {
        Produce("e1");
        Produce("e2");
        var (first, second) = (Head("e1"), Head("e2"));
        Decide(first, new Decision(DecisionKind.Batch, "digest"));
        Decide(second, new Decision(DecisionKind.Batch, "digest"));
        foreach (var digest in (string[])["d1", "d2"])
        {
            var id = second with { EventHash = _keyedHashes.EventHash(null, digest) };
            _deliveries.Add(new DeliveryRecord(Row(id, Decision.Send) with { Members = second.ToString() },
                [Attempt(id, 1) with { SentAt = Now }]));
            Message(id, 1);
        }
        _deliveries[1] = new DeliveryRecord(_deliveries[1].Decision with { Digest = _deliveries[2].Decision.Id.ToString() }, []);

        Assert.Equal(["Lost It waits for a digest that never came", "Doubled It is in 2 digests"], Found());
    }

    [Fact]
    public void Looks_into_inboxes()
    {
        Produce("e1", channel: Channel.InApp);
        var id = Head("e1", channel: Channel.InApp);
        Decide(id, Decision.Send, Attempt(id, 1) with { SentAt = Now, DeliveredAt = Now });

        Assert.Equal(["Lost The ledger says that it was sent, and no provider has it"], Found());
        _inbox.Add(id.ToString());
        Assert.Empty(Found());
    }

    private IEnumerable<string> Found() =>
        ConsistencyChecker.Find(new Observations(_produced, _heads, _deliveries, _messages, _inbox), _keyedHashes)
            .Select(violation => $"{violation.Kind} {violation.What}");

    private static NotificationEvent Event(string id, Channel channel) =>
        TestEvents.Alert(id) with { Channels = [channel], CreatedAt = Now };

    private void Produce(
        string id, bool isAcknowledged = true, string? key = null, Channel channel = Channel.Email, string? acknowledgedAs = null) =>
        _produced.Add(new Produced(Event(id, channel) with { DeduplicationKey = key }, ["user_1"])
        {
            IsAcknowledged = isAcknowledged,
            AcknowledgedAs = acknowledgedAs ?? id
        });

    private DeliveryId Head(string id, string? duplicateOf = null, Channel channel = Channel.Email)
    {
        _heads[id] = new EventRecord
        {
            Event = Event(id, channel),
            Source = new EventPosition("t", 0, 0),
            SeenAt = Now,
            DuplicateOf = duplicateOf
        };
        return _keyedHashes.Delivery(_heads[id].Event, "user_1", channel);
    }

    private DeliveryId Sent(string id)
    {
        Produce(id);
        var delivery = Head(id);
        Decide(delivery, Decision.Send, Attempt(delivery, 1) with { SentAt = Now });
        return delivery;
    }

    private void Decide(DeliveryId id, Decision decision, params AttemptRow[] attempts) =>
        _deliveries.Add(new DeliveryRecord(Row(id, decision), attempts));

    private static DecisionRow Row(DeliveryId id, Decision decision) =>
        new()
        {
            Id = id,
            EventId = "e",
            Recipient = "user_1",
            Priority = Priority.Normal,
            Type = EventType.Alert,
            Decision = decision,
            At = Now
        };

    private static AttemptRow Attempt(DeliveryId id, int number) =>
        new() { Id = new AttemptId(id, number), At = Now, Provider = "sendgrid" };

    private void Message(DeliveryId id, int attempt, string to = "user_1@example.com") =>
        _messages.Add(new SandboxMessage(_messages.Count, "email", "sendgrid", to, null, id.ToString(),
            new AttemptId(id, attempt).ToString(), Now));
}
