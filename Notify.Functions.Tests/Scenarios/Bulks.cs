using System.Globalization;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Notify.Bench.World;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>Many deliveries of one channel, and what becomes of them.</summary>
internal static class Bulks
{
    private const int AnEvent = 100;

    /// <summary>Lets the sandbox report nothing.</summary>
    public static async Task SwitchReportsOffAsync(RealWorld world)
    {
        using var off = await world.Sandbox.Http.PutAsJsonAsync(new Uri("sandbox/webhooks", UriKind.Relative), new { enabled = false });
        off.EnsureSuccessStatusCode();
    }

    /// <summary>Puts events to a hundred external addresses each on their topic; an inbox is a profile's.</summary>
    public static async Task PublishAsync(
        RealWorld world, string prefix, Priority priority, Channel channel, int deliveries, EventType type = EventType.Transactional)
    {
        var recipients = Enumerable.Range(0, deliveries).Select(n => channel switch
        {
            Channel.Sms => string.Create(CultureInfo.InvariantCulture, $"tel:+1202{5550000 + n:d7}"),
            Channel.Email => string.Create(CultureInfo.InvariantCulture, $"mailto:{prefix}-{n}@example.com"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{n}"),
        }).ToList();
        if (channel == Channel.InApp)
        {
            await world.Observer.Services.GetRequiredService<RecipientBulk>()
                .PutAsync([.. recipients.Select(id => new RecipientProfile { Id = id })], CancellationToken.None);
        }
        foreach (var (number, some) in recipients.Chunk(AnEvent).Index())
        {
            await world.PublishAsync(TestEvents.Alert(string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number}")) with
            {
                Type = type,
                Priority = priority,
                Recipients = some,
                Channels = [channel]
            });
        }
    }

    /// <summary>The hash of the first event of a prefix.</summary>
    public static string HashOf(RealWorld world, string prefix, int number = 0) =>
        world.Observer.Services.GetRequiredService<KeyedHashes>()
            .EventHash(null, string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number}"));

    /// <summary>Whether a message is of the first event of a prefix.</summary>
    public static bool IsOf(RealWorld world, SandboxMessage message, string prefix) =>
        message.DeliveryId!.Contains(HashOf(world, prefix), StringComparison.Ordinal);

    /// <summary>Waits until so many deliveries are decided.</summary>
    public static Task DecidedAsync(RealWorld world, int deliveries) => UntilAsync(world, statuses => statuses.Values.Sum() == deliveries);

    /// <summary>How many there are of each status, once none is pending.</summary>
    public static Task<SortedDictionary<string, int>> FinalAsync(RealWorld world, int deliveries) =>
        UntilAsync(world, statuses => statuses.Values.Sum() == deliveries && !statuses.ContainsKey("pending"));

    /// <summary>How many there are of each status, once something is so.</summary>
    public static Task<SortedDictionary<string, int>> UntilAsync(RealWorld world, Func<SortedDictionary<string, int>, bool> isSo) =>
        Patience.UntilAsync(() => StatusesAsync(world), isSo, Text, Patience.ForScans);

    /// <summary>How many there are of each status now.</summary>
    public static async Task<SortedDictionary<string, int>> StatusesAsync(RealWorld world)
    {
        var statuses = new SortedDictionary<string, int>(StringComparer.Ordinal);
        await foreach (var (decision, attempts) in LedgerAsync(world))
        {
            var status = StatusRule.Apply(decision, attempts).ToString().ToLowerInvariant();
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
        }
        return statuses;
    }

    /// <summary>The whole ledger.</summary>
    public static IAsyncEnumerable<DeliveryRecord> LedgerAsync(RealWorld world) =>
        LedgerRows.ReadAsync(world.Observer.Services.GetRequiredService<ITables>());

    /// <summary>Statuses in a line.</summary>
    public static string Text(SortedDictionary<string, int> statuses) =>
        string.Join(", ", statuses.Select(pair => $"{pair.Key} {pair.Value}"));
}
