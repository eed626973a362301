using System.Net.Http.Json;
using System.Text.Json;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>An event that was accepted over HTTP.</summary>
internal static class Posted
{
    /// <summary>
    /// Waits until so many deliveries of it were delivered, and asserts that nothing worse than a suppression became of any.
    /// </summary>
    public static async Task AssertDeliveredAsync(int count, HttpClient host, HttpResponseMessage accepted)
    {
        var view = await Patience.UntilAsync(
            async () =>
            {
                using var answer = await host.GetAsync(accepted.Headers.Location);
                return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonElement>() : default;
            },
            // Decisions of two partitions are not seen at once: what is there may be all suppressed, and more to come.
            view => Counts(view) is var counts && counts.TrueForAll(IsEnd)
                && (counts.Find(one => one.Status == "delivered").Count >= count || counts.Exists(IsFault)),
            view => view.ToString());
        Assert.False(Counts(view).Exists(IsFault), view.ToString());
        Assert.Equal(count, Counts(view).Find(one => one.Status == "delivered").Count);
    }

    private static bool IsFault((string Status, int Count) one) => one.Status is not ("suppressed" or "delivered");

    private static bool IsEnd((string Status, int Count) one) => one.Status is not ("pending" or "sent");

    private static List<(string Status, int Count)> Counts(JsonElement view) =>
        view.ValueKind == JsonValueKind.Object
            ? [.. view.GetProperty("counts").EnumerateObject().Select(one => (one.Name, one.Value.GetInt32()))] : [];
}
