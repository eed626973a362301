using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Moq;
using Notify.Functions.Contract;
using Notify.Functions.Sending.Throttling;
using Notify.Functions.Telemetry;
using Notify.Functions.Tests.Harness;
using Notify.Functions.Tests.LocalHost;

namespace Notify.Functions.Tests.Sending.Throttling;

public sealed class SharedThrottleTests : IDisposable
{
    private static readonly ThrottleAnswer Shared = new(0, 5, 5, 0, default, default, default, default);
    private readonly Mock<IProviderThrottle> _redis = new();
    private readonly TestLog _log = new();
    private readonly LoggerFactory _loggers;
    private readonly SharedThrottle _throttle;

    public SharedThrottleTests()
    {
        _loggers = new LoggerFactory([_log]);
        _throttle = new SharedThrottle(_redis.Object, Options.Create(new ResilienceOptions()),
            new NotifyMetrics(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>()),
            new ManualClock(), _loggers.CreateLogger<SharedThrottle>());
        _redis.Setup(gate => gate.AdmitAsync(It.IsAny<ThrottleRequest>(), It.IsAny<CancellationToken>())).ReturnsAsync(Shared);
    }

    public void Dispose() => _loggers.Dispose();

    [Fact]
    public async Task While_the_shared_one_is_away_this_instance_keeps_a_limit_and_circuits_of_its_own()
    {
        IsAway();

        var first = await AskAsync(100);
        var second = await AskAsync(1);
        await _throttle.ReportAsync(new ThrottleReport(Channel.Sms, "twilio", "", 0, 10, Limited: false, TimeSpan.Zero));
        var third = await AskAsync(1);

        Assert.Equal((5, 0), (first.Granted, second.Granted));
        Assert.Null(third.Candidate);
    }

    [Fact]
    public async Task What_is_shared_holds_as_soon_as_it_is_back_and_both_are_said_once()
    {
        await AskAsync(1);
        IsAway();
        await AskAsync(1);
        await AskAsync(1);
        _redis.Setup(gate => gate.AdmitAsync(It.IsAny<ThrottleRequest>(), It.IsAny<CancellationToken>())).ReturnsAsync(Shared);

        Assert.Same(Shared, await AskAsync(5));
        await AskAsync(5);

        Assert.Equal(["2504", "2505"], _log.Lines.Select(line => line.Split(' ')[1]));
    }

    [Theory]
    [InlineData(CircuitChange.Opened, "2501")]
    [InlineData(CircuitChange.StaysOpen, "2502")]
    [InlineData(CircuitChange.Closed, "2503")]
    public async Task Who_changes_a_circuit_says_so(CircuitChange change, string id)
    {
        _redis.Setup(gate => gate.ReportAsync(It.IsAny<ThrottleReport>(), It.IsAny<CancellationToken>())).ReturnsAsync(change);

        await _throttle.ReportAsync(new ThrottleReport(Channel.Sms, "twilio", "", 1, 1, Limited: false, TimeSpan.Zero));

        Assert.Equal(id, Assert.Single(_log.Lines).Split(' ')[1]);
    }

    private void IsAway()
    {
        _redis.Setup(gate => gate.AdmitAsync(It.IsAny<ThrottleRequest>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new TimeoutException());
        _redis.Setup(gate => gate.ReportAsync(It.IsAny<ThrottleReport>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new TimeoutException());
    }

    private Task<ThrottleAnswer> AskAsync(int requests) =>
        _throttle.AdmitAsync(new ThrottleRequest(Channel.Sms, RateClass.Rest, ThrottleMode.Enter, "1", 0,
            [new ThrottleCandidate("twilio", "", requests, 10)]), CancellationToken.None);
}
