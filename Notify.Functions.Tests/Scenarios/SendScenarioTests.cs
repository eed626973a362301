using Microsoft.Extensions.DependencyInjection;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>Senders that are killed, overtaken and held up, as processes of their own on real backends.</summary>
[Trait("Category", "Slow")]
public sealed class SendScenarioTests
{
    private const string Dispatchers = "Dispatch,DispatchUrgent";

    // A shortened run has a fifth of both.
    private static readonly int Kills = FullRun.IsAsked ? 50 : 10;
    private static readonly int Deliveries = FullRun.IsAsked ? 2000 : 400;
    private static readonly int Overtaken = FullRun.IsAsked ? 5000 : 2000;

    // The setting of the sms channel: the most that one sender leaves in doubt when it dies.
    private const int Chunk = 10;

    [SkippableFact]
    public async Task Kills_in_mid_send_leave_every_delivery_final_and_double_at_most_a_chunk_each()
    {
        await using var world = await RealWorld.StartAsync();
        var messages = new SandboxMessages(world.Sandbox.Http);
        await Bulks.SwitchReportsOffAsync(world);
        await messages.SlowDownAsync(milliseconds: 100);
        await world.StartHostAsync(functions: Dispatchers);
        await Bulks.PublishAsync(world, "bulk", Priority.Normal, Channel.Sms, Deliveries);
        // One message at a time, so that what a kill may leave in doubt is one chunk.
        var oneByOne = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["AzureFunctionsJobHost__extensions__queues__batchSize"] = "1",
            ["AzureFunctionsJobHost__extensions__queues__newBatchThreshold"] = "0",
        };
        var random = new Random(20261126);

        for (var kill = 0; kill < Kills; kill++)
        {
            var doomed = await world.StartHostAsync(functions: "SendSms", shortClaims: true, more: oneByOne);
            await messages.WaitForAsync(Math.Min(Deliveries, await messages.CountAsync() + random.Next(1, 2 * Chunk)));
            await Task.Delay(random.Next(100));
            await doomed.KillAsync();
        }
        // The rest by as many at a time as there are.
        await world.StartHostAsync(functions: "SendSms", shortClaims: true);
        var statuses = await Bulks.FinalAsync(world, Deliveries);

        Assert.Equal($"sent {Deliveries}", Bulks.Text(statuses));
        var twice = await messages.AssertSentOnceAsync(world.Observer.Services);
        Assert.True(twice <= Kills * Chunk, $"{twice} were sent twice.");
        Assert.Equal(Deliveries, (await messages.ReadAsync()).Select(message => message.DeliveryId).Distinct(StringComparer.Ordinal)
            .Count());
    }

    [SkippableFact]
    public async Task A_critical_text_message_overtakes_thousands_that_are_queued()
    {
        await using var world = await RealWorld.StartAsync();
        var messages = new SandboxMessages(world.Sandbox.Http);
        await Bulks.SwitchReportsOffAsync(world);
        await messages.SlowDownAsync(milliseconds: 1000);
        await world.StartHostAsync(functions: Dispatchers);
        await Bulks.PublishAsync(world, "bulk", Priority.Normal, Channel.Sms, Overtaken);
        var lag = world.Observer.Services.GetRequiredService<IConsumerLag>();
        await Patience.UntilAsync(() => lag.MeasureAsync(RealWorld.BulkTopic, "notification-service-v1", CancellationToken.None), waiting =>
            waiting == 0);
        await world.StartHostAsync(functions: "SendSms,SendSmsUrgent");
        await messages.WaitForAsync(1);

        await Bulks.PublishAsync(world, "urgent", Priority.Critical, Channel.Sms, 1);

        var sent = await Patience.UntilAsync(messages.ReadAsync, all => all.Any(message => Bulks.IsOf(world, message, "urgent")), all =>
            $"{all.Count} messages.");
        Assert.True(sent.Count < Overtaken * 3 / 4, $"{sent.Count} were sent when it was.");
    }

    [SkippableFact]
    public async Task While_one_provider_hangs_the_other_channels_finish()
    {
        const int Sms = 1000;
        const int Others = 500;
        await using var world = await RealWorld.StartAsync();
        var messages = new SandboxMessages(world.Sandbox.Http);
        await Bulks.SwitchReportsOffAsync(world);
        // For longer than anybody waits for it.
        await messages.SlowDownAsync((int)Patience.Limit.TotalMilliseconds, "twilio");
        await Bulks.PublishAsync(world, "sms", Priority.Normal, Channel.Sms, Sms);
        await Bulks.PublishAsync(world, "email", Priority.Normal, Channel.Email, Others);
        await Bulks.PublishAsync(world, "inbox", Priority.Normal, Channel.InApp, Others);

        await world.StartHostAsync();
        await Bulks.UntilAsync(world, statuses => statuses.GetValueOrDefault("delivered") == Others);
        var sent = await Patience.UntilAsync(messages.ReadAsync, all => all.Count(message => message.Channel == "email") == Others, all =>
            $"{all.Count} messages.");

        Assert.True(sent.Count - Others < Sms / 2, $"{sent.Count - Others} text messages were sent meanwhile.");
        await messages.WaitForDelayedAsync(1);
    }
}
