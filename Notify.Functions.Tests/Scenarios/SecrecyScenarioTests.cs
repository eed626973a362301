using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Notify.Functions.Telemetry;
using Notify.Functions.Tests.Harness;
using Notify.LocalHost.Tools.EventsFile;
using Notify.Sandbox.Common;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>
/// Everything that a run logs, traces and measures, faults and all, is looked through for addresses, payloads and secrets.
/// </summary>
public sealed class SecrecyScenarioTests
{
    private const string Email = "hedwig.unmistakable@inbox.example.org";
    private const string Phone = "+12025550187";
    private const string Token = "device-token-unmistakable-0123456789";
    private const string Trace = "5ec2e7000000000000000000000000e7";
    private const string Words = "Unmistakable words for nobody else";

    [Fact]
    public async Task No_address_no_payload_and_no_secret_stands_in_a_log_a_span_or_a_metric()
    {
        var spans = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Traces.SourceName,
            // Other tests of this process run beside, and are about events that nobody traces.
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.Parent.TraceId.ToHexString() == Trace
                ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = span => spans.Enqueue(
                $"{span.DisplayName} {span.StatusDescription} {string.Join(' ', span.TagObjects)} {string.Join(' ', span.Events.Select(one => one.Name))}"),
        };
        ActivitySource.AddActivityListener(listener);
        using var metrics = new TestMetrics();
        await using var host = await AppHost.StartAsync(setup =>
        {
            AppHost.WithoutLimits(setup);
            var others = setup.ConfigureServices;
            setup.ConfigureServices = services =>
            {
                others?.Invoke(services);
                // More than is ever switched on in Azure.
                services.Configure<LoggerFilterOptions>(filter =>
                    filter.Rules.Insert(0, new LoggerFilterRule(null, "Notify", LogLevel.Trace, null)));
            };
        });
        host.Http.DefaultRequestHeaders.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-01");
        var secrets = Secrets();

        await RunAsync(host);

        Assert.True(host.Log.Lines.Count > 1000, $"Only {host.Log.Lines.Count} lines.");
        Assert.Contains(spans, span => span.StartsWith("send", StringComparison.Ordinal));
        Assert.NotEmpty(metrics.Lines);
        foreach (var line in host.Log.Lines.Concat(spans).Concat(metrics.Lines))
        {
            var found = secrets.FirstOrDefault(secret => line.Contains(secret, StringComparison.OrdinalIgnoreCase));
            Assert.True(found is null, $"\"{found}\" stands in: {line}");
        }
    }

    private static async Task RunAsync(AppHost host)
    {
        // What fails says more than what goes well.
        using (var faults = await host.Http.PutAsJsonAsync("/sandbox/faults", new object[]
        {
            new { provider = "*", mode = "error", probability = 0.1, seed = 1 },
            new { provider = "*", mode = "reject", probability = 0.1, seed = 2 },
            new { provider = "*", mode = "bounce", probability = 0.1, seed = 3 },
            new { provider = "*", mode = "acceptThenTimeout", probability = 0.02, seed = 4, delayMs = 100 },
        }))
        {
            faults.EnsureSuccessStatusCode();
        }
        using (var profile = await host.Http.PutAsJsonAsync("/api/recipients/hedwig",
            new { email = Email, phone = Phone, pushTokens = new[] { Token } }))
        {
            profile.EnsureSuccessStatusCode();
        }
        using var badProfile = await host.Http.PutAsJsonAsync("/api/recipients/hedwig",
            new { email = Email + " " + Words, phone = Phone + "x" });
        using var badEvent = await host.PostAsync("/api/notify",
            $$"""{"type":"alert","recipients":["mailto:{{Email}}","tel:{{Phone}}0000000000000"],"channels":["{{Words}}"],"payload":{"message":"{{Words}}"} }""");
        using var broken = await host.PostAsync("/api/notify", $$"""{"payload":{"message":"{{Words}}" "{{Email}}"} }""");
        using var forged = await host.PostAsync("/api/webhooks/twilio?attempt=x", $"To={Uri.EscapeDataString(Phone)}&Body={Words}",
            "application/x-www-form-urlencoded");
        foreach (var recipient in (string[])["hedwig", "mailto:" + Email, "tel:" + Phone])
        {
            await host.NotifyAsync(
                $$"""{"type":"transactional","priority":"critical","recipients":["{{recipient}}"],"channels":["email","sms","push","in_app"],"payload":{"title":"{{Words}}","message":"{{Words}}","url":"https://example.org/{{Words.Replace(' ', '-')}}"} }""");
        }
        using var suppression = await host.PostAsync("/api/suppressions",
            $$"""{"channel":"email","address":"{{Email}}","note":"{{Words}}"}""");
        var run = host.App.Services.GetRequiredService<EventsRun>();
        await run.RunAsync(Path.Combine(SampleExpectations.Folder, "events.jsonl"), TextWriter.Null, CancellationToken.None);
        using var deadLetters = await host.Http.GetAsync("/api/dead-letters");
        using var erased = await host.Http.DeleteAsync("/api/recipients/hedwig");
        erased.EnsureSuccessStatusCode();
        using var unknown = await host.Http.GetAsync("/api/recipients/" + Uri.EscapeDataString("mailto:" + Email) + "/deliveries");
        await host.WaitForAsync("/api/recipients/hedwig/erasure", report => report.ToString()
            .Contains("\"erased\"", StringComparison.Ordinal));
    }

    // Whole addresses, and texts that are long enough to be nobody else's.
    private static List<string> Secrets()
    {
        var secrets = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { Email, Phone[1..], Token, Words, "unmistakable" };
        foreach (var line in File.ReadLines(Path.Combine(SampleExpectations.Folder, "recipients.jsonl")))
        {
            var profile = JsonDocument.Parse(line).RootElement;
            foreach (var name in (string[])["email", "phone"])
            {
                if (profile.TryGetProperty(name, out var address))
                {
                    secrets.Add(address.GetString()!.TrimStart('+'));
                }
            }
        }
        foreach (var line in File.ReadLines(Path.Combine(SampleExpectations.Folder, "events.jsonl")))
        {
            try
            {
                var payload = JsonDocument.Parse(line).RootElement.GetProperty("payload");
                foreach (var value in payload.EnumerateObject().Where(one => one.Value.ValueKind == JsonValueKind.String)
                    .Select(one => one.Value.GetString()!).Where(text => text.Length >= 20))
                {
                    secrets.Add(value.Length > 200 ? value[..200] : value);
                }
            }
            catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                // A broken line: its bytes are no text to look for.
            }
        }
        var credentials = SandboxCredentials.OfThisProcess;
        secrets.UnionWith(
        [
            credentials.SendGridApiKey, credentials.TwilioAuthToken, credentials.AzureCommunicationAccessKey,
            credentials.AzureCommunicationWebhookKey,
            credentials.FcmPrivateKey.Split('\n')[1], "development-only-identity-key",
        ]);
        Assert.True(secrets.Count > 800, $"Only {secrets.Count} secrets.");
        return [.. secrets];
    }
}
