using System.Net.Http.Json;
using Confluent.Kafka;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>Hosts as processes of their own, on a real Kafka, Redis and Azure Storage, with a sandbox in another process.</summary>
[Trait("Category", "Slow")]
public sealed class RealScenarioTests
{
    private const string Senders = "SendEmail,SendEmailUrgent,SendSms,SendSmsUrgent,SendPush,SendPushUrgent,SendInApp,SendInAppUrgent";
    private static readonly Uri Notify = new("api/notify", UriKind.Relative);

    [SkippableFact]
    public async Task A_thousand_events_give_the_numbers_that_their_readme_states()
    {
        await using var world = await RealWorld.StartAsync();
        var host = await world.StartHostAsync();

        var summary = await world.RunAsync(Path.Combine(SampleExpectations.Folder, "events.jsonl"));

        SampleExpectations.Read().Hold(summary);
        Assert.Equal(0, await new SandboxMessages(world.Sandbox.Http).AssertSentOnceAsync(world.Observer.Services));
        Assert.Equal(0, await host.StopAsync());
    }

    [SkippableFact]
    public async Task What_another_client_puts_on_the_topic_comes_out_at_the_sandbox()
    {
        await using var world = await RealWorld.StartAsync();
        await world.StartHostAsync();
        var recipients = Enumerable.Range(0, 20).Select(n => $"by-another-{n}@example.com").Order(StringComparer.Ordinal).ToList();

        await ProduceAsync(world.Kafka.Address, recipients.Select(to =>
            $$$"""{"id":"{{{to}}}","type":"transactional","priority":"normal","recipients":["mailto:{{{to}}}"],"channels":["email"],"payload":{"message":"By another client"}}"""));

        var messages = new SandboxMessages(world.Sandbox.Http);
        await messages.WaitForAsync(recipients.Count);
        Assert.Equal(recipients, (await messages.ReadAsync()).Select(message => message.To).Order(StringComparer.Ordinal));
    }

    [SkippableFact]
    public async Task One_process_dispatches_and_another_one_sends()
    {
        await using var world = await RealWorld.StartAsync();
        var dispatch = await world.StartHostAsync(functions: "Notify,Dispatch,DispatchUrgent,ReceiveWebhook,GetNotification");
        await world.StartHostAsync(functions: Senders);

        using var accepted = await dispatch.Http.PostAsJsonAsync(Notify, new
        {
            type = "transactional",
            priority = "normal",
            recipients = new[] { "mailto:ann@example.com", "tel:+12025550123" },
            channels = new[] { "email", "sms" },
            payload = new { message = "Hello" },
        });

        accepted.EnsureSuccessStatusCode();
        await Posted.AssertDeliveredAsync(2, dispatch.Http, accepted);
        Assert.Equal(2, (await new SandboxMessages(world.Sandbox.Http).ReadAsync()).Count);
    }

    // As any producer does: a client with default settings, and nothing of ours.
    private static async Task ProduceAsync(string broker, IEnumerable<string> events)
    {
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = broker }).Build();
        var headers = new Headers { { "content-type", "application/json"u8.ToArray() } };
        await Task.WhenAll(events.Select(one =>
            producer.ProduceAsync("notifications.incoming", new Message<Null, string> { Value = one, Headers = headers })));
    }
}
