using System.Globalization;
using System.Net.Http.Json;

namespace Notify.Bench.World;

/// <summary>What the providers have accepted, as the sandbox has kept it.</summary>
internal sealed class SandboxReader(HttpClient sandbox)
{
    private const int Page = 1000;

    /// <summary>All of them, the oldest first.</summary>
    public async Task<IReadOnlyList<SandboxMessage>> ReadAsync()
    {
        var all = new List<SandboxMessage>();
        while (true)
        {
            var after = all.Count == 0 ? 0 : all[^1].Sequence;
            var page = await sandbox.GetFromJsonAsync<List<SandboxMessage>>(
                new Uri($"sandbox/messages?after={after}&limit={Page}", UriKind.Relative));
            if (page is not { Count: > 0 })
            {
                return all;
            }
            all.AddRange(page);
        }
    }

    /// <summary>How many there are.</summary>
    public async Task<int> CountAsync()
    {
        using var answer = await sandbox.GetAsync(new Uri("sandbox/messages?limit=1", UriKind.Relative));
        answer.EnsureSuccessStatusCode();
        return int.Parse(answer.Headers.GetValues("X-Total-Count").Single(), CultureInfo.InvariantCulture);
    }
}

/// <summary>One message that a provider accepted.</summary>
internal sealed record SandboxMessage(
    long Sequence, string Channel, string Provider, string To, string? Body, string? DeliveryId, string? AttemptId,
    DateTimeOffset ReceivedAt);
