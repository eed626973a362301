using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Azure.Storage.Queues;
using Notify.Functions.Health;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.LocalHost.Runtime.Worker;

/// <summary>What the local host and the worker process do alike.</summary>
[Trait("Category", "Slow")]
public abstract partial class HostContract(FreshHost fresh)
{
    private const long OverKestrelsOwn = 31_000_000;
    private const long OverTheHosts = 101 * 1024 * 1024;

    [SkippableFact]
    public async Task A_fresh_start_on_empty_storage_warns_of_nothing()
    {
        var host = await fresh.StartAsync();
        using var put = await host.Http.PutAsJsonAsync("api/recipients/user_1", new { email = "user_1@example.com" });
        Assert.True(put.IsSuccessStatusCode, host.Output);
        using var sent = await host.Http.PostAsJsonAsync("api/notify", new
        {
            id = "fresh-1",
            type = "transactional",
            priority = "high",
            recipients = new[] { "user_1" },
            channels = new[] { "email", "in_app" },
            payload = new { title = "Hello", message = "World" },
        });
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);

        await WaitAsync(host.Http, "api/notifications/fresh-1", view => view.GetProperty("deliveries").EnumerateArray()
            .Count(one => one.GetProperty("status").GetString() is "sent" or "delivered") == 2, () => host.Output);
        foreach (var timer in (string[])["DrainPoison", "MeasureBacklog", "BuildDigests"])
        {
            using var run = await host.Http.PostAsync($"admin/functions/{timer}", content: null);
            Assert.Equal(HttpStatusCode.Accepted, run.StatusCode);
        }
        await WaitAsync(host.Http, "api/health", view => view.GetProperty("status").GetString() == "healthy", () => host.Output);

        Assert.DoesNotMatch(Warning(), host.Output);
        // The Functions host would warn ten times a second of each queue that is missing.
        var queues = await new QueueServiceClient(fresh.StorageAddress).GetQueuesAsync().Select(queue => queue.Name).ToListAsync();
        Assert.Equal(Backlog.Queues.Concat(Backlog.Queues.Select(Backlog.PoisonOf)).Order(StringComparer.Ordinal),
            queues.Order(StringComparer.Ordinal));
    }

    [SkippableTheory]
    [InlineData("HEAD", "api/health/live", "200 application/json")]
    [InlineData("HEAD", "api/templates", "200 application/json")]
    [InlineData("HEAD", "api/notifications/nobody", "404 application/problem+json")]
    [InlineData("HEAD", "api/notify", "405 POST application/problem+json")]
    [InlineData("DELETE", "api/notify", "405 POST application/problem+json with a body")]
    [InlineData("OPTIONS", "api/notify/batch", "405 POST application/problem+json with a body")]
    [InlineData("PUT", "api/notifications/x", "405 DELETE, GET, HEAD application/problem+json with a body")]
    [InlineData("POST", "api/recipients/a%20b/preferences", "405 GET, HEAD, PUT application/problem+json with a body")]
    [InlineData("GET", "api/webhooks/sendgrid", "405 OPTIONS, POST application/problem+json with a body")]
    [InlineData("GET", "api/recipients/user_1/inbox?limit=5", "400 application/problem+json with a body")]
    [InlineData("GET", "api/recipients/user_1/inbox?code=key", "200 application/json with a body")]
    [InlineData("POST", "api/notify?tenant=acme", "400 application/problem+json with a body")]
    [InlineData("GET", "api/nothing/here", "404 application/problem+json with a body")]
    [InlineData("GET", "api/", "404 application/problem+json with a body")]
    [InlineData("POST", "api/notify", "413 application/problem+json with a body", 300_000)]
    [InlineData("POST", "api/notify", "413 application/problem+json with a body", OverKestrelsOwn)]
    [InlineData("POST", "api/notify", "413 application/problem+json with a body", OverKestrelsOwn, true)]
    [InlineData("POST", "api/notify", "413 application/problem+json with a body", OverTheHosts)]
    [InlineData("POST", "api/notify/batch", "413 application/problem+json with a body", OverKestrelsOwn)]
    [InlineData("PUT", "api/recipients/user_1", "413 application/problem+json with a body", OverKestrelsOwn)]
    [InlineData("POST", "api/webhooks/sendgrid", "413 application/problem+json with a body", OverKestrelsOwn)]
    public async Task Every_edge_is_answered_as_the_standard_says(
        string method, string path, string expected, long bytes = 0, bool isChunked = false)
    {
        var host = await fresh.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (bytes > 0)
        {
            request.Content = new BodyOf(bytes, isChunked);
            // Who sends more than the host takes sees its answer only where it asks first.
            request.Headers.ExpectContinue = bytes == OverTheHosts;
        }

        using var answer = await host.Http.SendAsync(request);

        var body = await answer.Content.ReadAsByteArrayAsync();
        var seen = $"{(int)answer.StatusCode} {string.Join(", ", answer.Content.Headers.Allow)} {answer.Content.Headers.ContentType?.MediaType}{(body.Length > 0 ? " with a body" : "")}";
        Assert.Equal(expected, Spaces().Replace(seen, " ").Trim());
    }

    private static Task WaitAsync(HttpClient http, string path, Func<JsonElement, bool> isThere, Func<string> output) =>
        Patience.UntilAsync(
        async () =>
        {
            using var answer = await http.GetAsync(path);
            return answer.StatusCode != HttpStatusCode.NotFound && isThere(await answer.Content.ReadFromJsonAsync<JsonElement>());
        },
        output);

    [GeneratedRegex(@"^\d\d:\d\d:\d\d\.\d{3} (warn|fail|crit) .*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Warning();

    [GeneratedRegex(" +", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spaces();

    /// <summary>So many bytes, which nobody holds in memory; with their length said before, or in chunks.</summary>
    private sealed class BodyOf : HttpContent
    {
        private readonly long _bytes;
        private readonly bool _isChunked;

        public BodyOf(long bytes, bool isChunked)
        {
            (_bytes, _isChunked) = (bytes, isChunked);
            Headers.ContentType = new("application/json");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var some = new byte[64 * 1024];
            Array.Fill(some, (byte)' ');
            for (var left = _bytes; left > 0; left -= some.Length)
            {
                await stream.WriteAsync(some.AsMemory(0, (int)Math.Min(left, some.Length)));
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _bytes;
            return !_isChunked;
        }
    }
}

public sealed class LocalHostContractTests(FreshLocalHost fresh) : HostContract(fresh), IClassFixture<FreshLocalHost>;

public sealed class WorkerContractTests(FreshWorker fresh) : HostContract(fresh), IClassFixture<FreshWorker>;
