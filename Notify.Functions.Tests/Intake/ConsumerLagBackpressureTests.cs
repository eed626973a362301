using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Intake;
using Notify.Functions.Tests.Harness;
using Notify.Functions.Tests.Scenarios;

namespace Notify.Functions.Tests.Intake;

public sealed class ConsumerLagBackpressureTests
{
    private const string Bulk = "notifications.incoming";

    [Fact]
    public async Task An_event_is_refused_while_too_much_waits_on_its_topic_and_taken_when_that_has_gone()
    {
        var lag = new ScriptedLag();
        using var notify = Harness(lag);
        var intake = notify.Get<EventIntake>();
        lag.Of[Bulk] = 11;

        await Assert.ThrowsAsync<DispatchersBehindException>(() => intake.AcceptAsync(Given(Normal("a")), CancellationToken.None));
        await intake.AcceptAsync(Given(TestEvents.Alert("b")), CancellationToken.None);
        Assert.Equal(0, notify.Backends.Topics.Lag(Bulk, "g"));
        Assert.Equal(1, notify.Backends.Topics.Lag("notifications.urgent", "g"));

        lag.Of[Bulk] = 10;
        notify.Clock.Advance(TimeSpan.FromSeconds(2));
        await intake.AcceptAsync(Given(Normal("a")), CancellationToken.None);
        Assert.Equal(1, notify.Backends.Topics.Lag(Bulk, "g"));
        Assert.Equal(["refuses", "takes"], notify.Log.Lines.Where(line => line.Contains("records behind", StringComparison.Ordinal))
            .Select(line => line.Contains("refuses", StringComparison.Ordinal) ? "refuses" : "takes"));
    }

    [Fact]
    public async Task Events_of_a_batch_are_refused_one_by_one()
    {
        var lag = new ScriptedLag { Of = { [Bulk] = 11 } };
        using var notify = Harness(lag);

        var accepted = await notify.Get<EventIntake>()
            .AcceptAllAsync([Given(TestEvents.Alert("a")), Given(Normal("b")), Given(TestEvents.Alert("c"))], CancellationToken.None);

        Assert.Equal([true, false, true], accepted.Select(one => one.IsAcknowledged));
    }

    [Fact]
    public async Task A_lag_that_is_not_known_refuses_nothing()
    {
        var lag = new ScriptedLag { Of = { [Bulk] = 11 }, Fault = new TimeoutException("away") };
        using var notify = Harness(lag);
        var pressure = notify.Get<ConsumerLagBackpressure>();
        Assert.False(pressure.IsBehind(Bulk));

        // Known for a while, and then not for too long.
        lag.Fault = null;
        notify.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True(pressure.IsBehind(Bulk));
        lag.Fault = new TimeoutException("away");
        notify.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.True(pressure.IsBehind(Bulk));
        notify.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.False(pressure.IsBehind(Bulk));
        await notify.Get<EventIntake>().AcceptAsync(Given(Normal("a")), CancellationToken.None);
    }

    [Fact]
    public void A_request_never_waits_for_a_measurement_and_there_is_one_at_a_time()
    {
        var lag = new ScriptedLag { Hangs = new TaskCompletionSource<long>() };
        using var notify = Harness(lag);
        var pressure = notify.Get<ConsumerLagBackpressure>();

        Assert.False(pressure.IsBehind(Bulk));
        notify.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.False(pressure.IsBehind(Bulk));
        Assert.Equal(1, lag.Measured);
        lag.Hangs.SetResult(11);

        Assert.True(SpinWait.SpinUntil(() => pressure.IsBehind(Bulk), TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void Zero_switches_it_off()
    {
        var lag = new ScriptedLag { Of = { [Bulk] = long.MaxValue } };
        using var notify = Harness(lag, maxLag: "0");

        Assert.False(notify.Get<ConsumerLagBackpressure>().IsBehind(Bulk));
        Assert.Equal(0, lag.Measured);
    }

    [Fact]
    public async Task Over_http_the_answer_is_503_with_the_time_to_wait_and_urgent_ones_pass()
    {
        // Nothing dispatches.
        await using var host = await AppHost.StartAsync(setup => setup.Settings["Notify:Broker:MaxLag"] = "2", "--functions", "Notify");
        HttpResponseMessage answer;
        for (var n = 0; (answer = await PostAsync(host, $"n{n}", "normal")).StatusCode == HttpStatusCode.Accepted; n++)
        {
            answer.Dispose();
            Assert.True(n < 600, "Nothing was refused.");
            await Task.Delay(100);
        }

        using (answer)
        {
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "application/problem+json"),
                (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
            Assert.Equal(TimeSpan.FromSeconds(10), answer.Headers.RetryAfter!.Delta);
            Assert.Contains("waiting", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
        using var urgent = await PostAsync(host, "u", "critical");
        Assert.Equal(HttpStatusCode.Accepted, urgent.StatusCode);
    }

    private static Task<HttpResponseMessage> PostAsync(AppHost host, string id, string priority) => host.PostAsync(
        "/api/notify",
        $$"""{"id":"{{id}}","type":"alert","priority":"{{priority}}","recipients":["user_1"],"channels":["push"],"payload":{"message":"x"} }""");

    private static Submission Given(NotificationEvent notification) => new(notification, StatesId: true, StatesTime: true);

    private static NotificationEvent Normal(string id) => TestEvents.Alert(id) with { Priority = Priority.Normal };

    private static NotifyHarness Harness(IConsumerLag lag, string maxLag = "10") => new(
        settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Notify:Broker:MaxLag"] = maxLag },
        configure: services => services.Replace(ServiceDescriptor.Singleton(lag)));

    private sealed class ScriptedLag : IConsumerLag
    {
        public Dictionary<string, long> Of { get; } = new(StringComparer.Ordinal);

        public Exception? Fault { get; set; }

        public TaskCompletionSource<long>? Hangs { get; init; }

        public int Measured { get; private set; }

        public Task<long> MeasureAsync(string topic, string group, CancellationToken cancellationToken)
        {
            Assert.Equal("notification-service-v1", group);
            Measured++;
            return Fault is not null ? Task.FromException<long>(Fault) : Hangs?.Task ?? Task.FromResult(Of.GetValueOrDefault(topic));
        }
    }
}
