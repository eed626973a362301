using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Redis;
using StackExchange.Redis;

namespace Notify.Functions.Sending.Throttling;

/// <summary>
/// The gate of all instances, in Redis, by Redis's clock. The providers of a channel share a slot of the cluster, so that one script sees
/// them all.
/// </summary>
internal sealed class RedisProviderThrottle(RedisConnection redis, IOptions<ResilienceOptions> options) : IProviderThrottle
{
    private static readonly RedisScript Admit = RedisScript.Beside<RedisProviderThrottle>("Admit");
    private static readonly RedisScript Report = RedisScript.Beside<RedisProviderThrottle>("Report");
    private static readonly string[] Modes = ["enter", "pass", "wait", "leave", "only"];
    private readonly ThrottleTerms _terms = new(options.Value);

    /// <summary>Another clock than that of Redis: for tests.</summary>
    internal TimeProvider? Clock { get; init; }

    // Empty where the script is to look at the server's clock.
    private RedisValue Now =>
        Clock is null ? RedisValue.EmptyString : ThrottleTerms.Microseconds(Clock.GetUtcNow() - DateTimeOffset.UnixEpoch);

    /// <inheritdoc/>
    public async Task<ThrottleAnswer> AdmitAsync(ThrottleRequest request, CancellationToken cancellationToken)
    {
        RedisKey[] keys = [.. request.Candidates.Select(candidate => Key(request.Channel, candidate.Provider, candidate.Account))];
        RedisValue[] values =
        [
            Now, (int)request.Class, Modes[(int)request.Mode], request.Ticket, request.Since, _terms.Depth, _terms.Patience,
            _terms.FarUrgent, _terms.FarRest,
            _terms.TicketLife, _terms.Probes, _terms.ProbeLife, .. _terms.Shares.Select(share => (RedisValue)share),
            .. request.Candidates.SelectMany(candidate =>
                new RedisValue[] { candidate.Requests, ThrottleTerms.Thousandths(candidate.Rate) }),
        ];
        var fields = (RedisResult[])(await redis.RunAsync(database => Admit.RunAsync(database, keys, values), cancellationToken))!;
        long[] answer = [.. fields.SkipLast(1).Select(field => (long)field)];
        return new ThrottleAnswer(
            answer[0] == 0 ? null : (int)answer[0] - 1, (int)answer[1], (int)answer[2], (int)answer[3],
            ThrottleTerms.Time(answer[4]), ThrottleTerms.Time(answer[5]), ThrottleTerms.Time(answer[6]), ThrottleTerms.Time(answer[7]))
        {
            AreProbes = answer[8] == 1,
            Since = answer[9],
            Why = NullIfEmpty((string?)fields[^1]),
        };
    }

    /// <inheritdoc/>
    public async Task<CircuitChange> ReportAsync(ThrottleReport report, CancellationToken cancellationToken)
    {
        RedisValue[] values =
        [
            Now, report.Succeeded, report.Failed, report.Limited, ThrottleTerms.Microseconds(report.Pause),
            _terms.Minimum, _terms.Ratio, _terms.Break, _terms.LongestBreak, _terms.Probes, _terms.BucketLength, report.Unused,
            report.Refused, report.Why ?? "",
        ];
        return (CircuitChange)(int)await redis.RunAsync(database =>
            Report.RunAsync(database, [Key(report.Channel, report.Provider, report.Account)], values), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<CircuitState> CircuitAsync(Channel channel, string provider, string account, CancellationToken cancellationToken)
    {
        var fields = await redis.RunAsync(database => database.HashGetAsync(Key(channel, provider, account), ["open", "why"]),
            cancellationToken);
        return new CircuitState((long)fields[0] > 0, NullIfEmpty(fields[1]));
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private string Key(Channel channel, string provider, string account) =>
        $"{options.Value.Prefix}{{{channel.Name()}}}:{provider}:{account}";
}
