using System.Diagnostics;
using Notify.Functions.Contract;
using Notify.Functions.Sending.Throttling;
using Notify.Functions.Tests.Backends;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.BackendContracts;

/// <summary>The contract on a real Redis, and that its scripts and this process reckon alike.</summary>
public sealed class RealProviderThrottleTests : ProviderThrottleContract
{
    private RedisClient? _client;

    public override Task DisposeAsync()
    {
        _client?.Dispose();
        return base.DisposeAsync();
    }

    protected override async Task<IProviderThrottle> CreateAsync()
    {
        _client = new RedisClient((await RealBackends.RedisAsync()).Address, options => options.CommandTimeout = Patience.Limit);
        return new RedisProviderThrottle(_client.Connection, Settings) { Clock = Clock };
    }

    [ContractFact]
    public async Task Answers_the_same_as_the_gate_of_one_process_whatever_is_asked_and_reported()
    {
        var local = new LocalProviderThrottle(Settings, Clock);
        var changes = new HashSet<CircuitChange>();
        var answers = new HashSet<string>(StringComparer.Ordinal);
        for (var seed = 0; seed < (FullRun.IsAsked ? 10_000 : 200); seed++)
        {
            await CompareAsync(local, seed, changes, answers);
        }
        Assert.Equal(4, changes.Count);
        Assert.True(answers.Count >= 6, string.Join(", ", answers));
    }

    // A trace of a hundred questions and reports about two providers of its own.
    private async Task CompareAsync(LocalProviderThrottle local, int seed, HashSet<CircuitChange> changes, HashSet<string> answers)
    {
        var random = new Random(seed);
        string[] providers = [$"a{seed}", $"b{seed}"];
        var since = new long[6];
        for (var step = 0; step < 100; step++)
        {
            if (random.Next(3) > 0)
            {
                var ticket = random.Next(6);
                var request = new ThrottleRequest(
                    Channel.Email, (RateClass)random.Next(1, 4), (ThrottleMode)random.Next(5), $"{ticket:d32}", since[ticket],
                    [.. providers.Take(random.Next(1, 3)).Select(provider => new ThrottleCandidate(
                        provider, "", random.Next(1, 60), random.Next(4) switch { 0 => 0, 1 => 0.7, 2 => 20, _ => 333 }))]);
                var expected = await local.AdmitAsync(request, CancellationToken.None);
                var answer = await Gate.AdmitAsync(request, CancellationToken.None);
                Assert.True(expected == answer, $"Seed {seed}, step {step}: {expected} here, {answer} in Redis.");
                since[ticket] = expected.Kept > 0 ? expected.Since : 0;
                answers.Add($"{expected.Candidate} {expected.Granted == 0} {expected.Kept == 0} {expected.Later > default(TimeSpan)} {expected.AreProbes}");
            }
            else
            {
                var report = new ThrottleReport(
                    Channel.Email, providers[random.Next(3) / 2], "", random.Next(5), random.Next(3) == 0 ? random.Next(9) : 0,
                    random.Next(10) == 0,
                    TimeSpan.FromMilliseconds(random.Next(4) * 700), random.Next(3));
                if (random.Next(6) == 0)
                {
                    report = report with { Refused = random.Next(1, 4), Why = "a:http-401" };
                }
                var expected = await local.ReportAsync(report, CancellationToken.None);
                var answer = await Gate.ReportAsync(report, CancellationToken.None);
                Assert.True(expected == answer, $"Seed {seed}, step {step}: {expected} here, {answer} in Redis.");
                Assert.Equal(
                    await local.CircuitAsync(report.Channel, report.Provider, "", CancellationToken.None),
                    await Gate.CircuitAsync(report.Channel, report.Provider, "", CancellationToken.None));
                changes.Add(expected);
            }
            Clock.Advance(TimeSpan.FromMilliseconds(random.Next(8) switch { 0 => 0, 1 => 5000, _ => random.Next(900) }));
        }
    }

    [ContractFact]
    public async Task Goes_by_the_clock_of_the_server_and_keeps_one_limit_for_all_who_ask()
    {
        const int Rate = 50;
        using var other = new RedisClient((await RealBackends.RedisAsync()).Address, options => options.CommandTimeout = Patience.Limit);
        IProviderThrottle[] gates = [new RedisProviderThrottle(_client!.Connection, Settings),
            new RedisProviderThrottle(other.Connection, Settings)];
        var began = Stopwatch.GetTimestamp();
        var granted = 0;
        for (var n = 0; granted < 100; n++)
        {
            var request = new ThrottleRequest(Channel.Sms, RateClass.Rest, ThrottleMode.Only, $"{n:d32}", 0,
                [new ThrottleCandidate("shared", "", 1, Rate)]);
            granted += (await gates[n % 2].AdmitAsync(request, CancellationToken.None)).Granted;
        }

        // The hundredth goes 2 s after the first, less what the bucket holds. A gate each would make it half of that.
        Assert.True(Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(1.4), $"{Stopwatch.GetElapsedTime(began)}");
    }
}
