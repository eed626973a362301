using System.Net.Http.Json;
using System.Text.Json;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>An event that was accepted over HTTP.</summary>
internal static class Posted
{
    /// <summary>Waits until every delivery of it has come to its end, and asserts that so many were delivered, and nothing else became of any.</summary>
    public static async Task AssertDeliveredAsync(int count, HttpClient host, HttpResponseMessage accepted)
    {
        var view = await Patience.UntilAsync(
            async () =>
            {
                using var answer = await host.GetAsync(accepted.Headers.Location);
                return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonElement>() : default;
            },
            view => Counts(view) is { Count: > 0 } counts && counts.TrueForAll(one => one.Status is not ("pending" or "sent")),
            view => view.ToString());
        Assert.True(Counts(view) is [("delivered", var delivered)] && delivered == count, view.ToString());
    }

    private static List<(string Status, int Count)> Counts(JsonElement view) =>
        view.ValueKind == JsonValueKind.Object ? [.. view.GetProperty("counts").EnumerateObject().Select(one => (one.Name, one.Value.GetInt32()))] : [];
}
