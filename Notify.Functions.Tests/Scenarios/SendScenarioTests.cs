using System.Globalization;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Notify.Functions.Delivery;
using Notify.Functions.Events;
using Notify.Functions.Intake;
using Notify.Functions.Recipients;
using Notify.Functions.Storage;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>Senders that are killed, overtaken and held up, as processes of their own on real backends.</summary>
[Trait("Category", "Slow")]
[Collection("Hosts in processes of their own")]
public sealed class SendScenarioTests
{
    private const string Dispatchers = "Dispatch,DispatchUrgent";
    private const int AnEvent = 100;

    // The setting of the sms channel: the most that one sender leaves in doubt when it dies.
    private const int Chunk = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    [SkippableFact]
    public async Task Fifty_kills_in_mid_send_leave_every_delivery_final_and_double_at_most_a_chunk_each()
    {
        const int Kills = 50;
        const int Deliveries = 2000;
        await using var world = await RealWorld.StartAsync();
        var messages = new SandboxMessages(world.Sandbox.Http);
        await SwitchReportsOffAsync(world);
        await messages.SlowDownAsync(milliseconds: 100);
        await world.StartHostAsync(functions: Dispatchers);
        await PublishAsync(world, "bulk", Priority.Normal, Channel.Sms, Deliveries);
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
        var statuses = await FinalAsync(world, Deliveries);

        Assert.Equal($"sent {Deliveries}", string.Join(", ", statuses.Select(pair => $"{pair.Key} {pair.Value}")));
        var twice = await messages.AssertSentOnceAsync(world.Observer.Services);
        Assert.True(twice <= Kills * Chunk, $"{twice} were sent twice.");
        Assert.Equal(Deliveries, (await messages.ReadAsync()).Select(message => message.DeliveryId).Distinct(StringComparer.Ordinal).Count());
    }

    [SkippableFact]
    public async Task A_critical_text_message_overtakes_five_thousand_that_are_queued()
    {
        const int Bulk = 5000;
        await using var world = await RealWorld.StartAsync();
        var messages = new SandboxMessages(world.Sandbox.Http);
        await SwitchReportsOffAsync(world);
        await messages.SlowDownAsync(milliseconds: 1000);
        await world.StartHostAsync(functions: Dispatchers);
        await PublishAsync(world, "bulk", Priority.Normal, Channel.Sms, Bulk);
        var lag = world.Observer.Services.GetRequiredService<IConsumerLag>();
        while (await lag.MeasureAsync(RealWorld.BulkTopic, "notification-service-v1", CancellationToken.None) > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
        await world.StartHostAsync(functions: "SendSms,SendSmsUrgent");
        await messages.WaitForAsync(1);

        await PublishAsync(world, "urgent", Priority.Critical, Channel.Sms, 1);

        var hash = world.Observer.Services.GetRequiredService<Identities>().EventHash(null, "urgent-0");
        using var patience = new CancellationTokenSource(Patience);
        IReadOnlyList<SandboxMessages.Message> sent;
        while (!(sent = await messages.ReadAsync()).Any(message => message.DeliveryId!.Contains(hash, StringComparison.Ordinal)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }
        Assert.True(sent.Count < Bulk * 3 / 4, $"{sent.Count} were sent when it was.");
    }

    [SkippableFact]
    public async Task While_one_provider_hangs_the_other_channels_finish()
    {
        const int Sms = 1000;
        const int Others = 500;
        await using var world = await RealWorld.StartAsync();
        var messages = new SandboxMessages(world.Sandbox.Http);
        await SwitchReportsOffAsync(world);
        using (var hangs = await world.Sandbox.Http.PutAsJsonAsync(new Uri("sandbox/faults", UriKind.Relative), new { provider = "twilio", mode = "slow", delayMs = 30_000 }))
        {
            hangs.EnsureSuccessStatusCode();
        }
        await PublishAsync(world, "sms", Priority.Normal, Channel.Sms, Sms);
        await PublishAsync(world, "email", Priority.Normal, Channel.Email, Others);
        await PublishAsync(world, "inbox", Priority.Normal, Channel.InApp, Others);

        // Everything in one process.
        await world.StartHostAsync();
        using var patience = new CancellationTokenSource(Patience);
        IReadOnlyList<SandboxMessages.Message> sent;
        while ((sent = await messages.ReadAsync()).Count(message => message.Channel == "email") < Others || await DeliveredAsync(world) < Others)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), patience.Token);
        }

        Assert.True(sent.Count(message => message.Channel == "sms") < Sms / 2, $"{sent.Count(message => message.Channel == "sms")} text messages were sent meanwhile.");
    }

    private static async Task SwitchReportsOffAsync(RealWorld world)
    {
        using var off = await world.Sandbox.Http.PutAsJsonAsync(new Uri("sandbox/webhooks", UriKind.Relative), new { enabled = false });
        off.EnsureSuccessStatusCode();
    }

    // Events to a hundred external addresses each; an inbox is a profile's.
    private static async Task PublishAsync(RealWorld world, string prefix, Priority priority, Channel channel, int deliveries)
    {
        var recipients = Enumerable.Range(0, deliveries).Select(n => channel switch
        {
            Channel.Sms => string.Create(CultureInfo.InvariantCulture, $"tel:+1202555{n:d5}"),
            Channel.Email => string.Create(CultureInfo.InvariantCulture, $"mailto:{prefix}-{n}@example.com"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{n}"),
        }).ToList();
        if (channel == Channel.InApp)
        {
            await world.Observer.Services.GetRequiredService<RecipientBulk>().PutAsync([.. recipients.Select(id => new RecipientProfile { Id = id })], CancellationToken.None);
        }
        foreach (var (number, some) in recipients.Chunk(AnEvent).Index())
        {
            var happened = TestEvents.Alert(string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number}")) with { Type = EventType.Transactional, Priority = priority, Recipients = some, Channels = [channel] };
            await world.PublishAsync(happened);
        }
    }

    // How many there are of each status, once none is pending.
    private static async Task<SortedDictionary<string, int>> FinalAsync(RealWorld world, int deliveries)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var statuses = await StatusesAsync(world);
            if (statuses.Values.Sum() == deliveries && !statuses.ContainsKey("pending"))
            {
                return statuses;
            }
            Assert.False(patience.IsCancellationRequested, string.Join(", ", statuses.Select(pair => $"{pair.Key} {pair.Value}")));
            await Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None);
        }
    }

    private static async Task<int> DeliveredAsync(RealWorld world) => (await StatusesAsync(world)).GetValueOrDefault("delivered");

    private static async Task<SortedDictionary<string, int>> StatusesAsync(RealWorld world)
    {
        var statuses = new SortedDictionary<string, int>(StringComparer.Ordinal);
        await foreach (var (decision, attempts) in LedgerRows.ReadAsync(world.Observer.Services.GetRequiredService<ITables>()))
        {
            var status = StatusRule.Of(decision, attempts).ToString().ToLowerInvariant();
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
        }
        return statuses;
    }
}
