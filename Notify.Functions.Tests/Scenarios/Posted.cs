using System.Net.Http.Json;
using System.Text.Json;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>An event that was accepted over HTTP.</summary>
internal static class Posted
{
    /// <summary>Waits until nothing of it is pending, nor sent without a report where one is to come; the deliveries by status.</summary>
    public static async Task<IReadOnlyDictionary<string, int>> DoneAsync(HttpClient host, HttpResponseMessage accepted)
    {
        return await Patience.UntilAsync(
            async () =>
            {
                using var answer = await host.GetAsync(accepted.Headers.Location);
                return answer.IsSuccessStatusCode
                    ? (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("counts").Deserialize<Dictionary<string, int>>()!
                    : [];
            },
            counts => counts.Count > 0 && !counts.ContainsKey("pending") && !counts.ContainsKey("sent"),
            counts => string.Join(", ", counts));
    }
}
