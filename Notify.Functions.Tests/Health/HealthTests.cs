using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Functions.Http;
using Notify.Functions.Health;
using Notify.Functions.Sending;
using Notify.Functions.Sending.DeadLetters;
using Notify.Functions.Sending.Throttling;
using Notify.Functions.Tests.Harness;
using Notify.Functions.Tests.Host;

namespace Notify.Functions.Tests.Health;

public sealed class HealthTests : IDisposable
{
    private readonly NotifyHarness _notify = new();

    public void Dispose() => _notify.Dispose();

    [Theory]
    [InlineData(true, true, "healthy", 200)]
    [InlineData(false, true, "degraded", 200)]
    [InlineData(false, false, "unhealthy", 503)]
    public async Task Is_as_good_as_what_the_service_cannot_do_without(bool isThere, bool canDoWithout, string status, int code)
    {
        using var notify = new NotifyHarness(configure: services => services.AddHealthChecks().AddCheck(
            "thing", new Thing(isThere), canDoWithout ? HealthStatus.Degraded : HealthStatus.Unhealthy));

        var (answer, body) = await AskAsync(notify);

        Assert.Equal((code, status, isThere ? "up" : "down"),
            (answer, body.GetProperty("status").GetString(), body.GetProperty("thing").GetString()));
    }

    [Fact]
    public async Task Tells_what_waits_and_for_how_long()
    {
        await _notify.AddRecipientAsync("user_1");
        await _notify.DispatchAsync(_notify.Record(TestEvents.Alert()));
        await _notify.Backends.Queues.SendAsync(ChannelQueues.Email + "-poison", "x", TimeSpan.Zero, CancellationToken.None);
        await _notify.DispatchAsync(_notify.Record(TestEvents.Alert("later") with { Priority = Priority.Low, Channels = [Channel.Email] }));
        _notify.Clock.Advance(TimeSpan.FromMinutes(20));

        var (_, body) = await AskAsync(_notify);

        Assert.Equal(1, body.GetProperty("lanes").GetProperty("notify-push-urgent").GetInt32());
        Assert.Equal(20 * 60, body.GetProperty("oldestSeconds").GetProperty("notify-push-urgent").GetInt32());
        Assert.Equal("""{"notify-email-poison":1}""", body.GetProperty("poison").ToString());
        Assert.InRange(body.GetProperty("timerLateSeconds").GetInt32(), 15 * 60, 20 * 60);
    }

    [Fact]
    public async Task Is_degraded_and_says_why_where_a_provider_refuses_the_account()
    {
        await _notify.Get<SharedThrottle>()
            .ReportAsync(new ThrottleReport(Channel.Sms, "twilio", "", 0, 0, Limited: false, TimeSpan.Zero)
            {
                Refused = 1,
                Why = "twilio:20003"
            });

        var (code, body) = await AskAsync(_notify);

        Assert.Equal((200, "degraded", """{"twilio":"twilio:20003"}"""),
            (code, body.GetProperty("status").GetString(), body.GetProperty("providers").ToString()));
    }

    [Fact]
    public async Task Counts_dead_letters()
    {
        await _notify.Get<DeadLetterBox>()
            .AddAsync(DeadLetter.From(ChannelQueues.Sms, "x", "handler_failed", null, _notify.Clock.GetUtcNow()), CancellationToken.None);

        Assert.Equal(1, (await AskAsync(_notify)).Body.GetProperty("deadLetters").GetInt32());
    }

    [Fact]
    public async Task Anybody_learns_the_status_and_nothing_else()
    {
        var (code, body) = await AskAsync(_notify, (functions, request) => functions.Health(request, CancellationToken.None));

        Assert.Equal((200, """{"status":"healthy"}"""), (code, body.ToString()));
    }

    [Fact]
    public async Task Many_who_ask_at_once_share_one_measurement_and_who_asks_after_five_seconds_has_another()
    {
        var thing = new SlowThing();
        using var notify = new NotifyHarness(configure: services => services.AddHealthChecks().AddCheck("thing", thing));
        var functions = new HealthFunctions(notify.Get<HealthSnapshots>(), notify.Clock);
        var request = new DefaultHttpContext().Request;

        using var gone = new CancellationTokenSource();
        var first = functions.Health(request, gone.Token);
        var others = Enumerable.Range(0, 40).Select(_ => functions.Health(request, CancellationToken.None)).ToList();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        thing.Answer.SetResult();
        await Task.WhenAll(others);
        Assert.Equal(1, thing.Asked);

        notify.Clock.Advance(HealthSnapshots.Age - TimeSpan.FromSeconds(1));
        await functions.Details(request, CancellationToken.None);
        Assert.Equal(1, thing.Asked);
        var operations = notify.Tables.Operations;
        await functions.Details(request, CancellationToken.None);
        Assert.Equal(operations, notify.Tables.Operations);

        notify.Clock.Advance(TimeSpan.FromSeconds(1));
        await functions.Health(request, CancellationToken.None);
        Assert.Equal(2, thing.Asked);
    }

    [Fact]
    public async Task Leaves_out_what_cannot_be_known()
    {
        _notify.Tables.BeforeRead = _ => throw new IOException("Away.");

        var (code, body) = await AskAsync(_notify);

        Assert.Equal((503, "down", "up"), (code, body.GetProperty("tables").GetString(), body.GetProperty("queues").GetString()));
        Assert.False(body.TryGetProperty("deadLetters", out _));
    }

    [Fact]
    public async Task Tells_status_and_dependencies_first()
    {
        var (_, body) = await AskAsync(_notify);

        Assert.Equal(["status", "tables", "queues", "kafka"], body.EnumerateObject().Take(4).Select(one => one.Name));
    }

    [Fact]
    public void Waits_for_no_dependency_longer_than_three_seconds()
    {
        using var host = CompositionTests.Build(CompositionTests.SampleSettings());

        Assert.Equal(
            ["tables Unhealthy 3", "queues Unhealthy 3", "kafka Unhealthy 3", "providers Degraded 3", "redis Degraded 3"],
            host.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations
                .Select(one => FormattableString.Invariant($"{one.Name} {one.FailureStatus} {one.Timeout.TotalSeconds}")));
    }

    private static async Task<(int Code, JsonElement Body)> AskAsync(
        NotifyHarness notify, Func<HealthFunctions, HttpRequest, Task<IResult>>? ask = null)
    {
        ask ??= (functions, request) => functions.Details(request, CancellationToken.None);
        var functions = new HealthFunctions(notify.Get<HealthSnapshots>(), TimeProvider.System);
        var context = new DefaultHttpContext
        {
            RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider(),
            Response = { Body = new MemoryStream() }
        };
        await (await ask(functions, context.Request)).ExecuteAsync(context);
        context.Response.Body.Position = 0;
        return (context.Response.StatusCode,
            (await JsonDocument.ParseAsync(context.Response.Body, cancellationToken: CancellationToken.None)).RootElement);
    }

    private sealed class SlowThing : IHealthCheck
    {
        private int _asked;

        public TaskCompletionSource Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Asked => _asked;

        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _asked);
            await Answer.Task;
            return HealthCheckResult.Healthy();
        }
    }

    private sealed class Thing(bool isThere) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            isThere ? Task.FromResult(HealthCheckResult.Healthy()) : throw new IOException("It is away.");
    }
}
