using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Redis;
using StackExchange.Redis;

namespace Notify.Functions.Sending.Throttling;

/// <summary>The gate of all instances, in Redis, by Redis's clock. The providers of a channel share a slot of the cluster, so that one script sees them all.</summary>
internal sealed class RedisProviderGate(RedisConnection redis, IOptions<ResilienceOptions> options) : IProviderGate
{
    private static readonly RedisScript Admit = RedisScript.Beside<RedisProviderGate>("Admit");
    private static readonly RedisScript Report = RedisScript.Beside<RedisProviderGate>("Report");
    private readonly GateTerms _terms = new(options.Value);

    /// <summary>Another clock than that of Redis: for tests.</summary>
    internal TimeProvider? Clock { get; init; }

    // Empty where the script is to look at the server's clock.
    private RedisValue Now => Clock is null ? RedisValue.EmptyString : GateTerms.Microseconds(Clock.GetUtcNow() - DateTimeOffset.UnixEpoch);

    /// <inheritdoc/>
    public async Task<GateAnswer> AdmitAsync(GateQuestion question, CancellationToken cancellationToken)
    {
        RedisKey[] keys = [.. question.Candidates.Select(candidate => Key(question.Channel, candidate.Provider))];
        RedisValue[] values =
        [
            Now, question.Urgent, _terms.Depth, _terms.Horizon, _terms.Probes, _terms.ProbeLife,
            .. question.Candidates.SelectMany(candidate => new RedisValue[] { candidate.Requests, _terms.Interval(candidate.Rate, false), _terms.Interval(candidate.Rate, true), candidate.HasTurn }),
        ];
        var answer = (long[])(await redis.RunAsync(database => Admit.RunAsync(database, keys, values), cancellationToken))!;
        return new GateAnswer(
            answer[0] == 0 ? null : (int)answer[0] - 1, (int)answer[1], (int)answer[2],
            GateTerms.Time(answer[3]), GateTerms.Time(answer[4]), GateTerms.Time(answer[5]), GateTerms.Time(answer[6]), GateTerms.Time(answer[7]), answer[8] == 1);
    }

    /// <inheritdoc/>
    public async Task<CircuitChange> ReportAsync(GateReport report, CancellationToken cancellationToken)
    {
        RedisValue[] values =
        [
            Now, report.Succeeded, report.Failed, report.Limited, GateTerms.Microseconds(report.Pause),
            _terms.Minimum, _terms.Ratio, _terms.Break, _terms.LongestBreak, _terms.Probes, _terms.BucketLength, report.UnusedProbes,
        ];
        return (CircuitChange)(int)await redis.RunAsync(database => Report.RunAsync(database, [Key(report.Channel, report.Provider)], values), cancellationToken);
    }

    private string Key(Channel channel, string provider) => $"{options.Value.Prefix}{{{channel.Name()}}}:{provider}";
}
