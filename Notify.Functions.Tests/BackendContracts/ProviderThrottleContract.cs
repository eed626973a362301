using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Sending.Throttling;
using Notify.Functions.Tests.LocalHost;

namespace Notify.Functions.Tests.BackendContracts;

/// <summary>What every <see cref="IProviderThrottle"/> does, on a clock of the test's own.</summary>
public abstract class ProviderThrottleContract : IAsyncLifetime
{
    private IProviderThrottle? _gate;

    protected IProviderThrottle Gate => _gate ?? throw new InvalidOperationException("Not set up.");

    protected ManualClock Clock { get; } = new();

    protected IOptions<ResilienceOptions> Settings { get; } =
        Options.Create(new ResilienceOptions { Prefix = $"contract:{Guid.NewGuid():N}:" });

    public async Task InitializeAsync() => _gate = await CreateAsync();

    public virtual Task DisposeAsync() => Task.CompletedTask;

    /// <summary>The implementation under test, on <see cref="Clock"/>.</summary>
    protected abstract Task<IProviderThrottle> CreateAsync();

    [ContractFact]
    public async Task Without_a_limit_everything_goes_at_once()
    {
        var answer = await AskAsync(5000, rate: 0);

        Assert.Equal((0, 5000, 5000, 0), (answer.Candidate, answer.Considered, answer.Granted, answer.Kept));
    }

    [ContractFact]
    public async Task What_the_bucket_holds_goes_what_is_worth_it_waits_and_the_rest_comes_again_in_the_order_of_asking()
    {
        // 10 a second: half a second's go, and five seconds' wait.
        var first = await AskAsync(100, rate: 10, ticket: "1");
        var second = await AskAsync(8, rate: 10, ticket: "2");

        Assert.Equal((5, 50, TimeSpan.FromSeconds(5.1), TimeSpan.FromMilliseconds(100)),
            (first.Granted, first.Kept, first.Later, first.LaterInterval));
        Assert.Equal((0, 0), (second.Granted, second.Kept));
        Assert.Equal(first.Later + (45 * first.LaterInterval), second.Later);
    }

    [ContractFact]
    public async Task The_older_goes_first()
    {
        var first = await AskAsync(10, rate: 10, ticket: "first");
        var second = await AskAsync(10, rate: 10, ticket: "second");
        Clock.Advance(TimeSpan.FromMilliseconds(200));

        var wrong = await AskAsync(10, rate: 10, mode: ThrottleMode.Wait, ticket: "second", since: second.Since);
        var right = await AskAsync(5, rate: 10, mode: ThrottleMode.Wait, ticket: "first", since: first.Since);
        // It was there before both, and has come back.
        var back = await AskAsync(1, rate: 10, ticket: "back", since: first.Since - 1);

        Assert.Equal((5, 0, 2, 0), (first.Granted, wrong.Granted, right.Granted, back.Granted));
        Clock.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(0, (await AskAsync(3, rate: 10, mode: ThrottleMode.Wait, ticket: "first", since: first.Since)).Granted);
        Assert.Equal(1, (await AskAsync(1, rate: 10, mode: ThrottleMode.Wait, ticket: "back", since: first.Since - 1)).Granted);
    }

    [ContractFact]
    public async Task Who_has_died_while_it_waited_is_forgotten()
    {
        await AskAsync(100, rate: 10, ticket: "dead");

        Clock.Advance(TimeSpan.FromSeconds(1.4));
        Assert.Equal(0, (await AskAsync(5, rate: 10, mode: ThrottleMode.Only)).Granted);
        Clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(5, (await AskAsync(5, rate: 10, mode: ThrottleMode.Only)).Granted);
    }

    [ContractFact]
    public async Task In_no_time_do_more_go_than_the_rate_and_what_a_bucket_holds()
    {
        var starts = new List<double>();
        var random = new Random(7);
        for (var turn = 0; turn < 2000; turn++)
        {
            var answer = await AskAsync(random.Next(1, 12), rate: 20, of: (RateClass)random.Next(1, 4), mode: (ThrottleMode)random.Next(5),
                ticket: "t" + random.Next(9));
            var now = (Clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;
            starts.AddRange(Enumerable.Repeat(now, answer.Granted));
            Clock.Advance(TimeSpan.FromMilliseconds(random.Next(100)));
        }

        Assert.True(starts.Count > 500, $"Only {starts.Count} went.");
        foreach (var seconds in new[] { 0.1, 1, 10 })
        {
            Assert.All(starts, start => Assert.InRange(starts.Count(other => other >= start && other < start + seconds), 1, (20 * seconds)
                + 10 + 1));
        }
    }

    [ContractFact]
    public async Task What_is_given_back_goes_to_others()
    {
        var first = await AskAsync(5, rate: 10);
        Assert.Equal((5, 0), (first.Granted, (await AskAsync(5, rate: 10, mode: ThrottleMode.Only)).Granted));

        await ReportAsync(succeeded: 2, unused: 3);

        Assert.Equal(3, (await AskAsync(5, rate: 10, mode: ThrottleMode.Only)).Granted);
    }

    [ContractFact]
    public async Task A_provider_that_says_too_many_is_left_alone_and_then_gets_fewer_until_it_has_recovered()
    {
        await ReportAsync(succeeded: 1, limited: true, pause: TimeSpan.FromSeconds(3));

        var during = await AskAsync(1, rate: 10, mode: ThrottleMode.Pass);
        Clock.Advance(TimeSpan.FromSeconds(3));
        var atFirst = await AskAsync(1, rate: 10, mode: ThrottleMode.Pass);
        Clock.Advance(TimeSpan.FromSeconds(1));
        var after = await AskAsync(10, rate: 10, mode: ThrottleMode.Only);
        Clock.Advance(TimeSpan.FromMinutes(1));
        var recovered = await AskAsync(10, rate: 10, mode: ThrottleMode.Only);

        Assert.Equal(0, during.Granted);
        Assert.InRange(during.Later, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3.5));
        Assert.Equal(0, atFirst.Granted);
        Assert.Equal((2, 5), (after.Granted, recovered.Granted));
    }

    [ContractFact]
    public async Task Many_refusals_at_once_lower_the_rate_once()
    {
        await ReportAsync(succeeded: 1, limited: true);
        await ReportAsync(succeeded: 1, limited: true);

        Assert.Equal(TimeSpan.FromMilliseconds(200), (await AskAsync(1, rate: 10)).LaterInterval);
    }

    [ContractFact]
    public async Task A_circuit_opens_once_when_half_of_enough_requests_have_failed_and_the_next_provider_takes_over()
    {
        Assert.Equal(CircuitChange.None, await ReportAsync(succeeded: 4, failed: 5));
        Assert.Equal(CircuitChange.Opened, await ReportAsync(succeeded: 1, failed: 1));
        Assert.Equal(CircuitChange.None, await ReportAsync(failed: 20));

        var answer = await Gate.AdmitAsync(
            Question(RateClass.Rest, ThrottleMode.Enter, "x", 0, new("a", "one@example.com", 5, 0), new("b", "", 5, 0)),
            CancellationToken.None);
        var closed = await AskAsync(5, rate: 0);

        Assert.Equal((1, 5), (answer.Candidate, answer.Granted));
        Assert.Null(closed.Candidate);
        Assert.Equal(Settings.Value.CircuitBreak, closed.Reopens);
    }

    [ContractFact]
    public async Task Failures_that_are_long_ago_do_not_count()
    {
        await ReportAsync(failed: 9);
        Clock.Advance(Settings.Value.CircuitWindow + TimeSpan.FromSeconds(1));

        Assert.Equal(CircuitChange.None, await ReportAsync(failed: 1));
        Assert.NotNull((await AskAsync(1, rate: 0)).Candidate);
    }

    [ContractFact]
    public async Task A_few_probes_decide_whether_an_open_circuit_closes()
    {
        await ReportAsync(failed: 10);
        Clock.Advance(Settings.Value.CircuitBreak);

        var probes = await AskAsync(10, rate: 0);
        var others = await AskAsync(10, rate: 0);
        Assert.Equal((3, 3), (probes.Considered, probes.Granted));
        Assert.Null(others.Candidate);

        Assert.Equal(CircuitChange.None, await ReportAsync(succeeded: 2));
        Assert.Equal(CircuitChange.Closed, await ReportAsync(succeeded: 1));
        Assert.Equal(10, (await AskAsync(10, rate: 0)).Granted);
        Assert.Equal(CircuitChange.None, await ReportAsync(failed: 9));
    }

    [ContractFact]
    public async Task A_probe_that_fails_keeps_it_open_for_twice_as_long()
    {
        await ReportAsync(failed: 10);
        Clock.Advance(Settings.Value.CircuitBreak);
        await AskAsync(1, rate: 0);

        Assert.Equal(CircuitChange.StaysOpen, await ReportAsync(failed: 1));

        Assert.Equal(2 * Settings.Value.CircuitBreak, (await AskAsync(1, rate: 0)).Reopens);
    }

    [ContractFact]
    public async Task A_refused_account_opens_the_circuit_at_once_and_says_why_until_probes_succeed()
    {
        Assert.Equal(CircuitChange.Opened, await ReportAsync(refused: 1));

        Assert.Equal("a:http-401", (await AskAsync(1, rate: 20)).Why);
        Assert.Equal(new CircuitState(true, "a:http-401"), await CircuitAsync());
        Clock.Advance(Settings.Value.CircuitBreak);
        Assert.Equal(3, (await AskAsync(5, rate: 0)).Granted);
        Assert.Equal(CircuitChange.StaysOpen, await ReportAsync(refused: 1));
        Clock.Advance(2 * Settings.Value.CircuitBreak);
        Assert.Equal(3, (await AskAsync(5, rate: 0)).Granted);
        Assert.Equal(CircuitChange.Closed, await ReportAsync(succeeded: 3));
        Assert.Equal(new CircuitState(false, null), await CircuitAsync());
    }

    [ContractFact]
    public async Task A_refusal_among_others_that_are_taken_stops_nobody_but_three_in_a_row_do()
    {
        await ReportAsync(succeeded: 5);
        foreach (var succeeded in new[] { 1, 0, 0, 1, 0, 0 })
        {
            Assert.Equal(CircuitChange.None, await ReportAsync(succeeded, refused: succeeded == 1 ? 0 : 1));
        }

        Assert.Equal(CircuitChange.Opened, await ReportAsync(refused: 1));

        Assert.Equal("a:http-401", (await CircuitAsync()).Why);
    }

    [ContractFact]
    public async Task Refusals_in_a_report_that_has_more_that_were_taken_open_no_circuit_and_keep_none_open()
    {
        Assert.Equal(CircuitChange.None, await ReportAsync(succeeded: 7, refused: 3));
        Assert.Equal(CircuitChange.None, await ReportAsync(succeeded: 3, refused: 3));
        Assert.Equal(CircuitChange.Opened, await ReportAsync(succeeded: 1, refused: 3));

        Clock.Advance(Settings.Value.CircuitBreak);
        Assert.Equal(3, (await AskAsync(3, rate: 0)).Granted);
        Assert.Equal(CircuitChange.Closed, await ReportAsync(succeeded: 2, refused: 1));
    }

    [ContractFact]
    public async Task A_probe_that_fails_otherwise_does_not_make_the_account_a_good_one()
    {
        await ReportAsync(refused: 1);
        Clock.Advance(Settings.Value.CircuitBreak);
        await AskAsync(1, rate: 0);

        Assert.Equal(CircuitChange.StaysOpen, await ReportAsync(failed: 1));

        Assert.Equal(new CircuitState(true, "a:http-401"), await CircuitAsync());
    }

    [ContractFact]
    public async Task A_circuit_that_failures_open_refuses_no_account()
    {
        Assert.Equal(CircuitChange.Opened, await ReportAsync(failed: 10));

        Assert.Null((await AskAsync(1, rate: 20)).Why);
        Assert.Equal(new CircuitState(true, null), await CircuitAsync());
    }

    [ContractFact]
    public async Task A_provider_that_stops_one_account_goes_on_for_another()
    {
        await ReportAsync(failed: 10);
        await ReportAsync(limited: true, pause: TimeSpan.FromMinutes(1));

        Assert.Null((await AskAsync(1, rate: 20)).Candidate);
        Assert.Equal(1, (await AskAsync(1, rate: 20, account: "two@example.com")).Granted);
    }

    [ContractFact]
    public async Task Probes_that_are_not_used_go_to_others_at_once()
    {
        await ReportAsync(failed: 10);
        Clock.Advance(Settings.Value.CircuitBreak);
        var probes = await AskAsync(3, rate: 10);
        Assert.Equal((3, true), (probes.Granted, probes.AreProbes));

        Assert.Equal(CircuitChange.None, await ReportAsync(succeeded: 1, unused: 2));

        Assert.Equal(2, (await AskAsync(5, rate: 0)).Granted);
        Assert.Null((await AskAsync(1, rate: 0)).Candidate);
        Assert.Equal(CircuitChange.Closed, await ReportAsync(succeeded: 2));
        Assert.False((await AskAsync(1, rate: 0)).AreProbes);
    }

    [ContractFact]
    public async Task Probes_that_nobody_reports_on_are_given_to_others_after_a_while()
    {
        await ReportAsync(failed: 10);
        Clock.Advance(Settings.Value.CircuitBreak);
        await AskAsync(3, rate: 0);
        Assert.Null((await AskAsync(1, rate: 0)).Candidate);

        Clock.Advance(TimeSpan.FromSeconds(76));

        Assert.Equal(1, (await AskAsync(1, rate: 0)).Granted);
    }

    /// <summary>A ticket of a name that is not given is another each time.</summary>
    protected Task<ThrottleAnswer> AskAsync(
        int requests, double rate, RateClass of =
            RateClass.Rest, ThrottleMode mode = ThrottleMode.Enter, string? ticket = null, long since = 0,
        string account = "one@example.com") =>
        Gate.AdmitAsync(Question(of, mode, ticket ?? Guid.NewGuid().ToString("N"), since,
            new ThrottleCandidate("a", account, requests, rate)), CancellationToken.None);

    private static ThrottleRequest Question(
        RateClass of, ThrottleMode mode, string ticket, long since, params ThrottleCandidate[] candidates) =>
        new(Channel.Sms, of, mode, ticket.PadLeft(32, '0'), since, candidates);

    private Task<CircuitChange> ReportAsync(
        int succeeded = 0, int failed = 0, bool limited = false, TimeSpan pause = default, int unused = 0, int refused = 0) =>
        Gate.ReportAsync(new ThrottleReport(Channel.Sms, "a", "one@example.com", succeeded, failed, limited, pause,
            unused)
        { Refused = refused, Why = refused > 0 ? "a:http-401" : null },
            CancellationToken.None);

    private Task<CircuitState> CircuitAsync() => Gate.CircuitAsync(Channel.Sms, "a", "one@example.com", CancellationToken.None);
}
