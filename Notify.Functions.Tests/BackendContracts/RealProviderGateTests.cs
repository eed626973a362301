using System.Diagnostics;
using Notify.Functions.Contract;
using Notify.Functions.Sending.Throttling;
using Notify.Functions.Tests.Backends;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.BackendContracts;

/// <summary>The contract on a real Redis, and that its scripts and this process reckon alike.</summary>
public sealed class RealProviderGateTests : ProviderGateContract
{
    private RedisClient? _client;

    public override Task DisposeAsync()
    {
        _client?.Dispose();
        return base.DisposeAsync();
    }

    protected override async Task<IProviderGate> CreateAsync()
    {
        _client = new RedisClient((await RealBackends.RedisAsync()).Address, options => options.CommandTimeout = Patience.Limit);
        return new RedisProviderGate(_client.Connection, Settings) { Clock = Clock };
    }

    [ContractFact]
    public async Task Answers_the_same_as_the_gate_of_one_process_whatever_is_asked_and_reported()
    {
        var local = new LocalProviderGate(Settings, Clock);
        var random = new Random(20261126);
        var changes = new HashSet<CircuitChange>();
        var answers = new HashSet<string>(StringComparer.Ordinal);
        for (var step = 0; step < 5000; step++)
        {
            if (random.Next(3) > 0)
            {
                var question = new GateQuestion(Channel.Email, random.Next(2) == 0, [.. new[] { "a", "b" }.Take(random.Next(1, 3))
                    .Select(provider => new GateCandidate(provider, random.Next(1, 60), random.Next(4) switch { 0 => 0, 1 => 0.7, 2 => 20, _ => 333 }, random.Next(2) == 0))]);
                var expected = await local.AdmitAsync(question, CancellationToken.None);
                Assert.Equal(expected, await Gate.AdmitAsync(question, CancellationToken.None));
                answers.Add($"{expected.Candidate} {expected.Granted == 0} {expected.Granted < expected.Considered} {expected.AreProbes}");
            }
            else
            {
                var report = new GateReport(
                    Channel.Email, random.Next(3) == 0 ? "b" : "a", random.Next(5), random.Next(3) == 0 ? random.Next(9) : 0, random.Next(10) == 0, TimeSpan.FromMilliseconds(random.Next(4) * 700), random.Next(3));
                var expected = await local.ReportAsync(report, CancellationToken.None);
                Assert.Equal(expected, await Gate.ReportAsync(report, CancellationToken.None));
                changes.Add(expected);
            }
            Clock.Advance(TimeSpan.FromMilliseconds(random.Next(8) switch { 0 => 0, 1 => 5000, _ => random.Next(900) }));
        }
        Assert.Equal(4, changes.Count);
        Assert.True(answers.Count >= 6, string.Join(", ", answers));
    }

    [ContractFact]
    public async Task Goes_by_the_clock_of_the_server_and_keeps_one_limit_for_all_who_ask()
    {
        const int Rate = 50;
        using var other = new RedisClient((await RealBackends.RedisAsync()).Address, options => options.CommandTimeout = Patience.Limit);
        IProviderGate[] gates = [new RedisProviderGate(_client!.Connection, Settings), new RedisProviderGate(other.Connection, Settings)];
        var question = new GateQuestion(Channel.Sms, Urgent: false, [new GateCandidate("shared", 1, Rate, HasTurn: true)]);
        var began = Stopwatch.GetTimestamp();
        var last = TimeSpan.Zero;
        for (var n = 0; n < 100; n++)
        {
            var answer = await gates[n % 2].AdmitAsync(question, CancellationToken.None);
            Assert.Equal(1, answer.Granted);
            last = Stopwatch.GetElapsedTime(began) + answer.Wait;
        }

        // 40 a second for bulk: the hundredth may go 2.475 s after the first, less what the bucket holds. A gate each would make it half of that.
        Assert.True(last > TimeSpan.FromSeconds(2), $"{last}");
    }
}
