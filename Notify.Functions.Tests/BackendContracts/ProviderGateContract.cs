using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Sending.Throttling;
using Notify.Functions.Tests.LocalHost;

namespace Notify.Functions.Tests.BackendContracts;

/// <summary>What every <see cref="IProviderGate"/> does, on a clock of the test's own.</summary>
public abstract class ProviderGateContract : IAsyncLifetime
{
    private IProviderGate? _gate;

    protected IProviderGate Gate => _gate ?? throw new InvalidOperationException("Not set up.");

    protected ManualClock Clock { get; } = new();

    protected IOptions<ResilienceOptions> Settings { get; } = Options.Create(new ResilienceOptions { Prefix = $"contract:{Guid.NewGuid():N}:" });

    public async Task InitializeAsync() => _gate = await CreateAsync();

    public virtual Task DisposeAsync() => Task.CompletedTask;

    /// <summary>The implementation under test, on <see cref="Clock"/>.</summary>
    protected abstract Task<IProviderGate> CreateAsync();

    [ContractFact]
    public async Task Without_a_limit_everything_goes_at_once()
    {
        var answer = await AskAsync(5000, rate: 0);

        Assert.Equal((0, 5000, 5000, TimeSpan.Zero), (answer.Candidate, answer.Considered, answer.Granted, answer.Interval));
        Assert.True(answer.Wait <= TimeSpan.Zero);
    }

    [ContractFact]
    public async Task Requests_go_at_the_rate_and_what_would_wait_too_long_gets_turns_in_the_order_of_asking()
    {
        // 10 a second, 8 of them for bulk: 40 in five seconds, and the bucket's quarter of a second.
        var first = await AskAsync(100, rate: 10);
        var second = await AskAsync(8, rate: 10);

        Assert.Equal((43, TimeSpan.FromMilliseconds(125)), (first.Granted, first.Interval));
        Assert.Equal(TimeSpan.FromMilliseconds(-250), first.Wait);
        Assert.Equal(first.Wait + (43 * first.Interval), first.Later);
        Assert.Equal(0, second.Granted);
        Assert.Equal(first.Later + (57 * first.LaterInterval), second.Later);
    }

    [ContractFact]
    public async Task Who_has_waited_for_a_turn_goes_before_who_has_not()
    {
        var first = await AskAsync(100, rate: 10);
        Clock.Advance(first.Later);

        Assert.Equal(0, (await AskAsync(1, rate: 10)).Granted);
        var back = await AskAsync(57, rate: 10, hasTurn: true);

        Assert.Equal(57, back.Granted);
    }

    [ContractFact]
    public async Task In_no_second_do_more_go_than_the_rate_and_what_a_bucket_holds()
    {
        var starts = new List<double>();
        var random = new Random(7);
        for (var turn = 0; turn < 400; turn++)
        {
            var answer = await AskAsync(random.Next(1, 12), rate: 20, urgent: random.Next(3) == 0, hasTurn: random.Next(2) == 0);
            var now = (Clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;
            starts.AddRange(Enumerable.Range(0, answer.Granted).Select(k => Math.Max(now, now + answer.Wait.TotalSeconds + (k * answer.Interval.TotalSeconds))));
            Clock.Advance(TimeSpan.FromMilliseconds(random.Next(400)));
        }
        starts.Sort();

        Assert.True(starts.Count > 500, $"Only {starts.Count} went.");
        // Each lane begins with what its bucket holds, a quarter of a second's worth, and at least one.
        Assert.All(starts, start => Assert.InRange(starts.Count(other => other >= start && other < start + 1), 1, 20 + 5 + 2));
    }

    [ContractFact]
    public async Task Urgent_requests_have_a_share_that_no_bulk_takes()
    {
        await AskAsync(10_000, rate: 10);

        var urgent = await AskAsync(10, rate: 10, urgent: true);

        // 2 a second.
        Assert.Equal((10, TimeSpan.FromMilliseconds(500)), (urgent.Granted, urgent.Interval));
        Assert.True(urgent.Wait <= TimeSpan.Zero);
    }

    [ContractFact]
    public async Task Urgent_requests_take_the_rest_too_where_no_bulk_waits()
    {
        var waits = new List<TimeSpan>();
        for (var n = 0; n < 10; n++)
        {
            var answer = await AskAsync(1, rate: 10, urgent: true);
            waits.Add(answer.Wait);
        }

        // Alone with its share the tenth would wait more than four seconds.
        Assert.True(waits.Max() <= TimeSpan.FromSeconds(1), $"{waits.Max()}");
    }

    [ContractFact]
    public async Task A_provider_that_says_too_many_is_left_alone_and_then_gets_fewer_until_it_has_recovered()
    {
        await ReportAsync(succeeded: 1, limited: true, pause: TimeSpan.FromSeconds(3));

        var during = await AskAsync(1, rate: 10);
        Clock.Advance(TimeSpan.FromSeconds(3));
        var after = await AskAsync(1, rate: 10);
        Clock.Advance(TimeSpan.FromMinutes(1));
        var recovered = await AskAsync(1, rate: 10);

        Assert.Equal(TimeSpan.FromSeconds(3), during.Wait);
        Assert.True(after.Interval > TimeSpan.FromMilliseconds(200), $"{after.Interval}");
        Assert.Equal(TimeSpan.FromMilliseconds(125), recovered.Interval);
    }

    [ContractFact]
    public async Task Many_refusals_at_once_lower_the_rate_once()
    {
        await ReportAsync(succeeded: 1, limited: true);
        await ReportAsync(succeeded: 1, limited: true);

        Assert.Equal(TimeSpan.FromMilliseconds(250), (await AskAsync(1, rate: 10)).Interval);
    }

    [ContractFact]
    public async Task A_circuit_opens_once_when_half_of_enough_requests_have_failed_and_the_next_provider_takes_over()
    {
        Assert.Equal(CircuitChange.None, await ReportAsync(succeeded: 4, failed: 5));
        Assert.Equal(CircuitChange.Opened, await ReportAsync(succeeded: 1, failed: 1));
        Assert.Equal(CircuitChange.None, await ReportAsync(failed: 20));

        var answer = await Gate.AdmitAsync(new GateQuestion(Channel.Sms, Urgent: false, [new("a", 5, 0, HasTurn: false), new("b", 5, 0, HasTurn: false)]), CancellationToken.None);
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
    public async Task Probes_that_are_not_used_go_to_others_at_once()
    {
        await ReportAsync(failed: 10);
        Clock.Advance(Settings.Value.CircuitBreak);
        var probes = await AskAsync(3, rate: 10);
        Assert.Equal((3, TimeSpan.Zero, true), (probes.Granted, probes.Interval, probes.AreProbes));

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

    protected Task<GateAnswer> AskAsync(int requests, double rate, bool urgent = false, bool hasTurn = false) =>
        Gate.AdmitAsync(new GateQuestion(Channel.Sms, urgent, [new GateCandidate("a", requests, rate, hasTurn)]), CancellationToken.None);

    private Task<CircuitChange> ReportAsync(int succeeded = 0, int failed = 0, bool limited = false, TimeSpan pause = default, int unused = 0) =>
        Gate.ReportAsync(new GateReport(Channel.Sms, "a", succeeded, failed, limited, pause, unused), CancellationToken.None);
}
