using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Notify.Bench.World;
using Notify.Functions.Contract;
using Notify.Functions.Recipients.Unsubscribe;
using Notify.Functions.Tests.Harness;
using Notify.Functions.Tests.Host;
using Notify.Sandbox.Common;
using Xunit.Abstractions;

namespace Notify.Functions.Tests.Scenarios.Fuzz;

/// <summary>Whatever comes in, nobody sees a fault of ours, and what is accepted is decided.</summary>
[Trait("Category", "Slow")]
public sealed class RouteFuzzTests(ITestOutputHelper output)
{
    private const int Requests = 10_000;
    private const int AtOnce = 8;
    private static readonly Dictionary<string, string> Nothing = [];

    [Fact]
    public void Every_function_is_tried() =>
        Assert.Empty(CompositionTests.HttpFunctionNames().Except(ValidRequest.All.Select(valid => valid.Function), StringComparer.Ordinal));

    [Fact]
    public void A_seed_gives_the_same_request_each_time() =>
        Assert.All(Enumerable.Range(0, 200), seed =>
            Assert.Equal(Mutant.Of(seed, Nothing).ToString(), Mutant.Of(seed, Nothing).ToString()));

    [Fact]
    public async Task Ten_thousand_odd_requests_end_in_no_500_and_what_is_accepted_is_decided()
    {
        await using var host = await AppHost.StartAsync(AppHost.WithoutLimits);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = host.App.BaseAddress,
            Timeout = Patience.Limit
        };
        var real = await RealOnesAsync(host);
        await ValidOnesAreTakenAsync(http, real);
        var answers = new ConcurrentDictionary<int, int>();
        var accepted = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var faults = new ConcurrentQueue<string>();

        await Parallel.ForAsync(0, Requests, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (seed, _) =>
        {
            var mutant = Mutant.Of(seed, real);
            try
            {
                using var answer = await SendAsync(http, mutant);
                answers.AddOrUpdate((int)answer.StatusCode, 1, static (_, count) => count + 1);
                if ((int)answer.StatusCode >= 500)
                {
                    faults.Enqueue($"Seed {seed} is answered {(int)answer.StatusCode}:\n{mutant}");
                }
                foreach (var place in await AcceptedAsync(mutant, answer))
                {
                    accepted[place] = seed;
                }
            }
            catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException)
            {
                faults.Enqueue($"Seed {seed} is not answered ({fault.Message}):\n{mutant}");
            }
        });

        output.WriteLine($"{Requests} requests: {string.Join(", ", answers.OrderBy(pair => pair.Key).Select(pair =>
            $"{pair.Value} × {pair.Key}"))}; {accepted.Count} events accepted");
        Assert.True(faults.IsEmpty, $"{faults.Count} faults:\n{string.Join("\n\n", faults.Take(5))}");
        Assert.DoesNotContain(host.Log.Lines, line => line.StartsWith("Error 8401 ", StringComparison.Ordinal));
        Assert.InRange(accepted.Count, 100, Requests);
        foreach (var (place, seed) in accepted)
        {
            await Patience.UntilAsync(() => http.GetAsync(place), answer => answer.StatusCode == HttpStatusCode.OK, answer =>
                $"{(int)answer.StatusCode} for {place}, accepted from seed {seed}:\n{Mutant.Of(seed, real)}");
        }
    }

    // A link that is genuine, and a mail and a text message that providers may report of.
    private static async Task<Dictionary<string, string>> RealOnesAsync(AppHost host)
    {
        var link = host.App.Services.GetRequiredService<UnsubscribeLinks>()
            .For(EventType.Marketing, "news", Channel.Email, null, "mailto:jane@example.com")!;
        await host.NotifyAsync(
            """{"type":"alert","priority":"critical","recipients":["mailto:jane@example.com","tel:+12025550123"],"channels":["email","sms"],"payload":{"message":"Hello"}}""");
        var messages = await Patience.UntilAsync(new SandboxReader(host.Http).ReadAsync, all => all.Count == 2, all => $"{all.Count}");
        return new(StringComparer.Ordinal)
        {
            [ValidRequest.Link] = link.Segments[^1],
            [ValidRequest.Mail] = messages.Single(message => message.Channel == "email").AttemptId!,
            [ValidRequest.Sms] = Uri.EscapeDataString(messages.Single(message => message.Channel == "sms").AttemptId!),
        };
    }

    // A mutation of what would be refused anyway tries nothing.
    private static async Task ValidOnesAreTakenAsync(HttpClient http, Dictionary<string, string> real)
    {
        foreach (var valid in ValidRequest.All.Where(valid => valid.Function != "WrongRoute"))
        {
            using var answer = await SendAsync(http, Mutant.Unchanged(valid, real));
            // Nothing is there yet that could be found.
            var isFine = answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.NotFound
                || (answer.StatusCode == HttpStatusCode.BadRequest && valid.Target.Contains("0abc", StringComparison.Ordinal));
            Assert.True(isFine || valid.Body?.Contains("0abc", StringComparison.Ordinal) == true,
                $"{valid.Method} {valid.Target} is answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, Mutant mutant)
    {
        var target = mutant.Target;
        if (target.StartsWith("/api/webhooks/azure-communication", StringComparison.Ordinal) && mutant.IsSigned)
        {
            target += (target.Contains('?', StringComparison.Ordinal) ? "&key=" : "?key=")
                + SandboxCredentials.OfThisProcess.AzureCommunicationWebhookKey;
        }
        var url = new Uri(http.BaseAddress!.GetLeftPart(UriPartial.Authority) + target,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(new HttpMethod(mutant.Method), url);
        if (mutant.Body.Length > 0 || mutant.Method is "POST" or "PUT" or "PATCH")
        {
            request.Content = new ByteArrayContent(mutant.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", mutant.Type);
        }
        foreach (var (name, value) in mutant.More)
        {
            if (!request.Headers.TryAddWithoutValidation(name, Sendable(value)))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, Sendable(value));
            }
        }
        if (mutant.IsSigned)
        {
            Sign(request, url, mutant);
        }
        return await http.SendAsync(request, HttpCompletionOption.ResponseContentRead);
    }

    // A client sends no line break or zero in a header, and ASCII only unless it is told to.
    private static string Sendable(string value) => string.Concat(value.Where(c => c is >= ' ' and < '\x7f'));

    private static void Sign(HttpRequestMessage request, Uri url, Mutant mutant)
    {
        var credentials = SandboxCredentials.OfThisProcess;
        if (url.AbsolutePath.EndsWith("/sendgrid", StringComparison.Ordinal))
        {
            var timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            using var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(credentials.SendGridSigningKey, out _);
            byte[] signed = [.. Encoding.UTF8.GetBytes(timestamp), .. mutant.Body];
            request.Headers.Remove("X-Twilio-Email-Event-Webhook-Signature");
            request.Headers.Remove("X-Twilio-Email-Event-Webhook-Timestamp");
            request.Headers.Add("X-Twilio-Email-Event-Webhook-Signature",
                Convert.ToBase64String(key.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)));
            request.Headers.Add("X-Twilio-Email-Event-Webhook-Timestamp", timestamp);
        }
        else if (url.AbsolutePath.EndsWith("/twilio", StringComparison.Ordinal))
        {
            using var reader = new FormReader(Encoding.UTF8.GetString(mutant.Body));
            var parameters = reader.ReadForm().OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key + pair.Value);
            request.Headers.Remove("X-Twilio-Signature");
#pragma warning disable CA5350 // The algorithm is Twilio's.
            request.Headers.Add("X-Twilio-Signature", Convert.ToBase64String(HMACSHA1.HashData(
                Encoding.UTF8.GetBytes(credentials.TwilioAuthToken),
                Encoding.UTF8.GetBytes(url.OriginalString + string.Concat(parameters)))));
#pragma warning restore CA5350
        }
    }

    // Where to look for what was accepted.
    private static async Task<IReadOnlyList<string>> AcceptedAsync(Mutant mutant, HttpResponseMessage answer)
    {
        if (mutant.Method != "POST" || answer.StatusCode is not (HttpStatusCode.Accepted or HttpStatusCode.MultiStatus))
        {
            return [];
        }
        if (answer.Headers.Location is { } location)
        {
            return location.OriginalString.StartsWith("/api/notifications/", StringComparison.Ordinal) ? [location.OriginalString] : [];
        }
        using var said = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
        if (!said.RootElement.TryGetProperty("items", out var items) || items.EnumerateArray()
            .All(item => item.GetProperty("status").GetInt32() != 202))
        {
            return [];
        }
        using var sent = JsonDocument.Parse(NotifyJson.WithoutMark(mutant.Body), new JsonDocumentOptions { MaxDepth = 1000 });
        return [.. items.EnumerateArray().Zip(sent.RootElement.EnumerateArray())
            .Where(pair => pair.First.GetProperty("status").GetInt32() == 202)
            .Select(pair => $"/api/notifications/{Uri.EscapeDataString(pair.First.GetProperty("id").GetString()!)}"
                + (pair.Second.TryGetProperty("tenant", out var tenant) && tenant.ValueKind == JsonValueKind.String
                    ? "?tenant=" + Uri.EscapeDataString(tenant.GetString()!)
                    : ""))];
    }
}
