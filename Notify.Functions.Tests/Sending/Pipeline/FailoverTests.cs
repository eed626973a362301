using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Moq;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Recovery;
using Notify.Functions.Sending;
using Notify.Functions.Sending.Pipeline;
using Notify.Functions.Sending.Throttling;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Sending.Pipeline;

public sealed class FailoverTests : IDisposable
{
    // Longer than a sender waits for a quick second try.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(6);
    private readonly ScriptedSender _second = new(Channel.Sms, "second", 1);
    private readonly NotifyHarness _notify;

    public FailoverTests() => _notify = new NotifyHarness(
        settings: new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Notify:Channels:sms:Providers"] = "twilio,second",
            ["Notify:Resilience:CircuitMinimum"] = "10"
        },
        configure: services => services.AddSingleton<IProviderSender>(_second));

    private ScriptedSender First => _notify.Senders[Channel.Sms];

    public static TheoryData<SendResult> NotAccepted =>
        [new SendResult.Unavailable("503", Soon), new SendResult.RateLimited("429", Soon), new SendResult.AccountRefused("401")];

    public static TheoryData<SendResult> Final =>
        [new SendResult.Rejected("21610"), new SendResult.Unknown("timeout"), new SendResult.Accepted("m"),
            new SendResult.TargetBusy("quota")];

    public void Dispose() => _notify.Dispose();

    [Theory]
    [MemberData(nameof(NotAccepted))]
    public async Task What_a_provider_has_provably_not_accepted_goes_to_the_next_one_as_the_same_attempt(SendResult result)
    {
        First.Answer = target => target.Recipient == "user_2" ? result : new SendResult.Accepted("m");

        await DispatchAsync(3);
        await _notify.RunQueuesAsync();

        Assert.Equal(3, First.Targets.Count);
        Assert.Equal("user_2", Assert.Single(_second.Targets).Recipient);
        var deliveries = (await _notify.ReadAsync("e1")).Deliveries;
        Assert.Equal(["sent twilio 1", "sent second 1", "sent twilio 1"], deliveries.OrderBy(one => one.Recipient, StringComparer.Ordinal)
            .Select(one => $"{one.Status} {one.Provider} {one.Attempts}"));
    }

    [Fact]
    public async Task The_timeline_names_the_provider_that_has_not_accepted()
    {
        First.Answer = _ => new SendResult.AccountRefused("twilio:20003");

        await DispatchAsync(1);
        await _notify.RunQueuesAsync();

        var timeline = (await _notify.ReadOnlyDeliveryAsync("e1")).Timeline;
        Assert.Equal(
            ["decided   send", "claimed twilio ", "failed_over twilio twilio:20003", "sent second "],
            timeline.Select(entry => $"{entry.Fact} {entry.Provider} {(entry.Provider is null ? " " : "")}{entry.Detail}"));
    }

    [Fact]
    public async Task A_refused_account_gets_nothing_more_while_the_next_provider_takes_all_and_health_and_a_metric_say_why()
    {
        using var metrics = new TestMetrics(_notify.Get<IMeterFactory>());
        First.Answer = _ => new SendResult.AccountRefused("twilio:20003");
        await DispatchAsync(1);
        await _notify.RunQueuesAsync();

        await DispatchAsync(30, "e2");
        await _notify.RunQueuesAsync();

        Assert.Equal((1, 31), (First.Targets.Count, _second.Targets.Count));
        Assert.Single(_notify.Log.Lines, line => line.Contains(" 2506 ", StringComparison.Ordinal)
            && line.Contains("twilio:20003", StringComparison.Ordinal));
        Assert.Equal("twilio:20003", (await RefusedAsync())["twilio"]);
        Assert.Equal(["channel=sms provider=twilio reason=twilio:20003 1"], metrics.Sums("notify.account.refused"));
    }

    [Fact]
    public async Task Where_every_provider_refuses_the_account_all_waits_then_lies_as_dead_letters_and_goes_once_when_that_is_mended()
    {
        First.Answer = _ => new SendResult.AccountRefused("twilio:20003");
        _second.Answer = _ => new SendResult.AccountRefused("second:http-401");
        await DispatchAsync(20);
        for (var hours = 0; hours < 30; hours++)
        {
            _notify.Clock.Advance(TimeSpan.FromHours(1));
            await _notify.RunQueuesAsync();
        }
        var causes = (await _notify.Get<DeadLetterListing>().ByCauseAsync(CancellationToken.None)).Items;
        Assert.Equal(20, causes.Sum(cause => cause.Count));
        Assert.All(causes, cause => Assert.Contains(cause.Cause,
            (string[])["retries_used_up: no_provider: twilio:20003", "retries_used_up: second:http-401", "retries_used_up: twilio:20003"]));
        First.Answer = _ => new SendResult.Accepted("m");
        var before = First.Targets.Count;

        foreach (var cause in causes)
        {
            await _notify.Get<DeadLetterRedrive>().RedriveAsync(cause.Cause, preview: false, CancellationToken.None);
        }
        for (var times = 0; times < 10; times++)
        {
            await _notify.RunQueuesAsync();
            _notify.Clock.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.Equal(20, First.Targets.Count - before);
        Assert.All((await _notify.ReadAsync("e1")).Deliveries, delivery =>
            Assert.Equal(("sent", "twilio"), (delivery.Status, delivery.Provider)));
        Assert.DoesNotContain("twilio", (await RefusedAsync()).Keys);
    }

    [Fact]
    public async Task A_recipient_who_cannot_be_reached_for_a_while_holds_nobody_else_up()
    {
        First.Answer = target => target.Recipient == "user_1"
            ? new SendResult.TargetBusy("quota", TimeSpan.FromMinutes(1)) : new SendResult.Accepted("m");

        await DispatchAsync(20);
        await _notify.RunQueuesAsync();

        var deliveries = (await _notify.ReadAsync("e1")).Deliveries;
        Assert.Equal(19, deliveries.Count(delivery => delivery.Status == "sent"));
        Assert.EndsWith(": quota", Assert.Single(deliveries, delivery => delivery.Recipient == "user_1").Reason, StringComparison.Ordinal);
        Assert.Empty(_second.Targets);
    }

    [Theory]
    [MemberData(nameof(Final))]
    public async Task A_refusal_for_good_and_a_lost_answer_go_to_nobody_else(SendResult result)
    {
        First.Answer = _ => result;

        await DispatchAsync(1);
        await _notify.RunQueuesAsync();

        Assert.Single(First.Targets);
        Assert.Empty(_second.Targets);
    }

    [Fact]
    public async Task Where_none_accepts_the_next_attempt_begins_with_the_first_again()
    {
        First.Answer = _second.Answer = _ => new SendResult.Unavailable("503", Soon);
        await DispatchAsync(1);
        await _notify.RunQueuesAsync();
        First.Answer = _ => new SendResult.Accepted("m");

        _notify.Clock.Advance(TimeSpan.FromMinutes(1));
        await _notify.RunQueuesAsync();

        Assert.Equal((2, 1), (First.Targets.Count, _second.Targets.Count));
        var delivery = await _notify.ReadOnlyDeliveryAsync("e1");
        Assert.Equal(("sent", "twilio", 2), (delivery.Status, delivery.Provider, delivery.Attempts));
    }

    [Fact]
    public async Task A_provider_whose_circuit_is_open_is_passed_over_until_its_probes_succeed()
    {
        First.Answer = _ => new SendResult.Unavailable("503", Soon);
        await DispatchAsync(30);
        await _notify.RunQueuesAsync();
        var asked = First.Targets.Count;

        First.Answer = _ => new SendResult.Accepted("m");
        await DispatchAsync(5, "e2");
        await _notify.RunQueuesAsync();
        Assert.Equal(asked, First.Targets.Count);
        Assert.Equal(35, _second.Targets.Count);

        _notify.Clock.Advance(new ResilienceOptions().CircuitBreak);
        await DispatchAsync(5, "e3");
        await _notify.RunQueuesAsync();
        // Three probes, which have answered by the time that the other two ask.
        Assert.Equal((asked + 5, 35), (First.Targets.Count, _second.Targets.Count));

        await DispatchAsync(5, "e4");
        await _notify.RunQueuesAsync();
        Assert.Equal((asked + 10, 35), (First.Targets.Count, _second.Targets.Count));
        Assert.Single(_notify.Log.Lines, line => line.Contains(" 2501 ", StringComparison.Ordinal));
        Assert.Single(_notify.Log.Lines, line => line.Contains(" 2503 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_probe_for_what_turns_out_to_be_sent_by_another_is_left_to_the_next()
    {
        First.Answer = _ => new SendResult.Unavailable("503", Soon);
        await DispatchAsync(30);
        await _notify.RunQueuesAsync();
        var asked = First.Targets.Count;
        First.Answer = _ => new SendResult.Accepted("m");
        _notify.Clock.Advance(new ResilienceOptions().CircuitBreak);
        await DispatchAsync(3, "e2");
        await ClaimElsewhereAsync("e2");
        await _notify.RunQueuesAsync();
        Assert.Equal(asked, First.Targets.Count);

        await DispatchAsync(3, "e3");
        await _notify.RunQueuesAsync();

        Assert.Equal(asked + 3, First.Targets.Count);
        Assert.Single(_notify.Log.Lines, line => line.Contains(" 2503 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_provider_deliveries_wait_at_no_cost_and_go_when_there_is_one_again()
    {
        First.Answer = _second.Answer = _ => new SendResult.Unavailable("503", Soon);
        await DispatchAsync(30);
        await _notify.RunQueuesAsync();
        First.Answer = _second.Answer = _ => new SendResult.Accepted("m");

        await DispatchAsync(5, "e2");
        await _notify.RunQueuesAsync();
        Assert.Equal(5, (await _notify.ReadAsync("e2")).Counts["pending"]);
        for (var second = 0; second < 30; second++)
        {
            _notify.Clock.Advance(TimeSpan.FromSeconds(1));
            await _notify.RunQueuesAsync();
        }

        Assert.All((await _notify.ReadAsync("e2")).Deliveries, delivery => Assert.Equal(("sent", 1), (delivery.Status, delivery.Attempts)));
    }

    [Theory]
    [InlineData(Priority.High, 1)]
    [InlineData(Priority.Normal, 24)]
    public async Task What_waits_for_a_provider_too_long_is_a_dead_letter(Priority priority, int hours)
    {
        var closed = new Mock<IProviderThrottle>();
        closed.Setup(gate => gate.AdmitAsync(It.IsAny<ThrottleRequest>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync(new ThrottleAnswer(null, 0, 0, 0, default, default, default, TimeSpan.FromMinutes(2)));
        using var notify = new NotifyHarness(configure: services => services.Replace(ServiceDescriptor.Singleton(closed.Object)));
        await notify.AddRecipientAsync("user_1");
        await notify.DispatchAsync(notify.Record(TestEvents.Alert() with { Priority = priority, Channels = [Channel.Sms] }));
        await notify.RunQueuesAsync();
        var began = notify.Clock.GetUtcNow();
        while ((await notify.ReadOnlyDeliveryAsync("e1")).Status == "pending")
        {
            notify.Clock.Advance(TimeSpan.FromMinutes(2));
            await notify.RunQueuesAsync();
        }

        var delivery = await notify.ReadOnlyDeliveryAsync("e1");
        Assert.Equal(("failed", Deferrals.NoProvider), (delivery.Status, delivery.Reason));
        Assert.InRange(notify.Clock.GetUtcNow() - began, TimeSpan.FromHours(hours), TimeSpan.FromHours(hours) + TimeSpan.FromMinutes(5));
        Assert.Equal(Deferrals.NoProvider,
            Assert.Single((await notify.Get<DeadLetterListing>().ByCauseAsync(CancellationToken.None)).Items).Cause);
        Assert.Empty(notify.Senders[Channel.Sms].Targets);
    }

    private async Task<IReadOnlyDictionary<string, object>> RefusedAsync() =>
        (await _notify.Get<HealthCheckService>().CheckHealthAsync()).Entries["providers"].Data;

    // As if another instance were sending these.
    private async Task ClaimElsewhereAsync(string id)
    {
        var attempts = (await _notify.ReadAsync(id)).Deliveries.Select(delivery => DeliveryId.TryParse(delivery.Id, out var parsed)
            ? new AttemptId(parsed, 1) : throw new InvalidOperationException());
        var now = _notify.Clock.GetUtcNow();
        Assert.Empty(await _notify.Get<DeliveryTable>().InsertAttemptsAsync(
            attempts.Select(attempt => new AttemptRow
            {
                Id = attempt,
                At = now,
                Claim = "another",
                Deadline = now + TimeSpan.FromMinutes(1),
                Provider = "second",
            }),
            CancellationToken.None));
    }

    private async Task DispatchAsync(int recipients, string id = "e1", Priority priority = Priority.High)
    {
        string[] names = [.. Enumerable.Range(1, recipients).Select(n => $"user_{n}")];
        foreach (var name in names)
        {
            await _notify.AddRecipientAsync(name);
        }
        await _notify.DispatchAsync(_notify.Record(
            TestEvents.Alert(id) with { Priority = priority, Channels = [Channel.Sms], Recipients = names }));
    }
}
