using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Notify.Bench.World;
using Notify.Functions.Ledger;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>What the providers have accepted, as the sandbox has kept it.</summary>
internal sealed class SandboxMessages(HttpClient sandbox)
{
    private readonly SandboxReader _reader = new(sandbox);

    /// <summary>Makes every provider, or one, take its time, so that a run has a middle.</summary>
    public async Task SlowDownAsync(int milliseconds, string provider = "*")
    {
        using var slow = await sandbox.PutAsJsonAsync(new Uri("sandbox/faults", UriKind.Relative),
            new { provider, mode = "slow", delayMs = milliseconds });
        slow.EnsureSuccessStatusCode();
    }

    /// <summary>Waits until there are so many.</summary>
    public Task WaitForAsync(int count) =>
        Patience.UntilAsync(CountAsync, there => there >= count, there => $"{there} messages, not {count}.");

    /// <summary>Waits until the sandbox is taking its time over so many requests, or has.</summary>
    public Task WaitForDelayedAsync(int count) => Patience.UntilAsync(
        async () => (await sandbox.GetFromJsonAsync<JsonElement>(new Uri("sandbox/faults", UriKind.Relative))).EnumerateArray()
            .Sum(fault => fault.GetProperty("hits").GetInt64()),
        hits => hits >= count);

    /// <summary>All of them, the oldest first.</summary>
    public Task<IReadOnlyList<SandboxMessage>> ReadAsync() => _reader.ReadAsync();

    /// <summary>
    /// Asserts that no attempt was sent twice to anybody, and no delivery either but where the ledger itself says of an attempt that its
    /// answer was lost. Returns how many deliveries were.
    /// </summary>
    public async Task<int> AssertSentOnceAsync(IServiceProvider services)
    {
        var messages = await ReadAsync();
        Assert.NotEmpty(messages);
        Assert.All(messages, message => Assert.NotNull(message.AttemptId));
        Assert.Empty(messages.GroupBy(message => (message.AttemptId, message.To)).Where(same => same.Count() > 1)
            .Select(same => same.Key.AttemptId));
        var twice = messages.GroupBy(message => (message.DeliveryId, message.To)).Where(same => same.Count() > 1)
            .Select(same => same.Key.DeliveryId!).Distinct(StringComparer.Ordinal).ToList();
        foreach (var delivery in twice)
        {
            Assert.True(DeliveryId.TryParse(delivery, out var id), delivery);
            var found = await services.GetRequiredService<DeliveryTable>().FindAsync(id, CancellationToken.None);
            Assert.Contains(found!.Attempts, attempt => attempt.UnknownAt is not null);
        }
        return twice.Count;
    }

    /// <summary>How many there are.</summary>
    public Task<int> CountAsync() => _reader.CountAsync();
}
