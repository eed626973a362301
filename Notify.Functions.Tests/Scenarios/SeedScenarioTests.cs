using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Notify.Functions.Health;

namespace Notify.Functions.Tests.Scenarios;

public sealed class SeedScenarioTests
{
    private const string Seed =
        """{"type":"alert","priority":"critical","recipients":["user_1"],"channels":["push"],"payload":{"message":"Test"}}""";

    [Fact]
    public async Task The_seed_s_call_goes_all_the_way()
    {
        await using var host = await AppHost.StartAsync();

        var id = await host.NotifyAsync(Seed);

        var delivery = Assert.Single(AppHost.Deliveries(await host.WaitForStatusAsync(id, "sent")));
        Assert.Equal("push", delivery.GetProperty("channel").GetString());
        var message = Assert.Single((await host.GetAsync("/sandbox/messages?deliveryId=" + delivery.GetProperty("id")
            .GetString())).EnumerateArray());
        Assert.Equal(("push", "fcm", "Test"),
            (message.GetProperty("channel").GetString(), message.GetProperty("provider").GetString(), message.GetProperty("body")
                .GetString()));
    }

    [Fact]
    public async Task The_same_event_twice_is_sent_once_and_the_second_answer_names_the_first()
    {
        await using var host = await AppHost.StartAsync();
        var twice = Seed.Replace("\"type\"", "\"deduplicationKey\":\"order-7\",\"type\"", StringComparison.Ordinal);

        var first = await host.NotifyAsync(twice);
        var second = await host.NotifyAsync(twice);

        Assert.Equal(first, second);
        var view = await host.WaitForStatusAsync(first, "sent");
        Assert.Single(AppHost.Deliveries(view));
        Assert.Single((await host.GetAsync("/sandbox/messages")).EnumerateArray());
        Assert.Contains(host.Log.Lines, line => line.Contains("Duplicate event skipped", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Idempotency_key_stands_for_the_deduplication_key()
    {
        await using var host = await AppHost.StartAsync();
        var inBody = await host.NotifyAsync(Seed.Replace("\"type\"", "\"deduplicationKey\":\"once\",\"type\"", StringComparison.Ordinal));
        using var request = new HttpRequestMessage(HttpMethod.Post,
            "/api/notify")
        { Content = new StringContent(Seed, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", "once");
        using var answer = await host.Http.SendAsync(request);

        Assert.Equal(inBody, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Email_and_sms_end_delivered_and_a_bounce_ends_bounced_by_signed_reports()
    {
        await using var host = await AppHost.StartAsync();

        var good = await host.NotifyAsync(Seed.Replace("\"push\"", "\"email\",\"sms\"", StringComparison.Ordinal));
        var bad = await host.NotifyAsync(Seed.Replace("\"push\"", "\"email\"", StringComparison.Ordinal)
            .Replace("user_1", "mailto:bounce@example.com", StringComparison.Ordinal));

        Assert.Equal(2, AppHost.Deliveries(await host.WaitForStatusAsync(good, "delivered")).Count);
        await host.WaitForStatusAsync(bad, "bounced");
    }

    [Fact]
    public async Task A_forged_an_altered_or_an_unsigned_report_gets_401_and_changes_nothing()
    {
        await using var host = await AppHost.StartAsync();
        using var off = await host.Http.PutAsJsonAsync("/sandbox/webhooks", new { enabled = false });
        off.EnsureSuccessStatusCode();
        var id = await host.NotifyAsync(Seed.Replace("\"push\"", "\"email\",\"sms\"", StringComparison.Ordinal));
        var deliveries = AppHost.Deliveries(await host.WaitForStatusAsync(id, "sent"));
        var attempts = deliveries.Select(one => one.GetProperty("id").GetString() + "~1").ToList();
        var report = JsonSerializer.Serialize(
            attempts.Select(attempt => new
            {
                @event = "delivered",
                sg_event_id = "x",
                attempt_id = attempt,
                attempt,
                timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()
            }));

        using var unsigned = await host.PostAsync("/api/webhooks/sendgrid", report);
        using var forgedRequest = new HttpRequestMessage(HttpMethod.Post,
            "/api/webhooks/sendgrid")
        { Content = new StringContent(report, Encoding.UTF8, "application/json") };
        forgedRequest.Headers.Add("X-Twilio-Email-Event-Webhook-Signature", Convert.ToBase64String(new byte[70]));
        forgedRequest.Headers.Add("X-Twilio-Email-Event-Webhook-Timestamp", TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()
            .ToString(System.Globalization.CultureInfo.InvariantCulture));
        using var forged = await host.Http.SendAsync(forgedRequest);
        using var twilioRequest = new HttpRequestMessage(HttpMethod.Post, "/api/webhooks/twilio?attempt=" + attempts[1])
        {
            Content = new FormUrlEncodedContent(
                new Dictionary<string, string>(StringComparer.Ordinal) { ["MessageSid"] = "SM1", ["MessageStatus"] = "delivered" }),
        };
        twilioRequest.Headers.Add("X-Twilio-Signature", Convert.ToBase64String(new byte[20]));
        using var twilio = await host.Http.SendAsync(twilioRequest);
        using var nobody = await host.PostAsync("/api/webhooks/nobody", report);

        Assert.Equal(
            [HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.NotFound],
            [unsigned.StatusCode, forged.StatusCode, twilio.StatusCode, nobody.StatusCode]);
        Assert.All(AppHost.Deliveries(await host.GetAsync("/api/notifications/" + id)), one =>
            Assert.Equal("sent", one.GetProperty("status").GetString()));
    }

    [Theory]
    [InlineData(0, false, HttpStatusCode.NoContent, "delivered")]
    [InlineData(0, true, HttpStatusCode.Unauthorized, "sent")]
    [InlineData(-3600, false, HttpStatusCode.Unauthorized, "sent")]
    [InlineData(3600, false, HttpStatusCode.Unauthorized, "sent")]
    public async Task A_report_counts_only_as_it_was_signed_and_while_it_is_fresh(
        int age, bool altered, HttpStatusCode answered, string status)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var host = await AppHost.StartAsync(setup => setup.Settings["Notify:Providers:SendGrid:WebhookKey"] =
            Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()));
        using var off = await host.Http.PutAsJsonAsync("/sandbox/webhooks", new { enabled = false });
        off.EnsureSuccessStatusCode();
        var id = await host.NotifyAsync(Seed.Replace("\"push\"", "\"email\"", StringComparison.Ordinal));
        var attempt = Assert.Single(AppHost.Deliveries(await host.WaitForStatusAsync(id, "sent"))).GetProperty("id").GetString() + "~1";
        var timestamp = (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + age).ToString(
            System.Globalization.CultureInfo.InvariantCulture);
        var body = $"[{{\"event\":\"delivered\",\"sg_event_id\":\"x\",\"attempt_id\":\"{attempt}\",\"timestamp\":{timestamp}}}]\r\n";
        var signature = key.SignData(Encoding.UTF8.GetBytes(timestamp + body), HashAlgorithmName.SHA256,
            DSASignatureFormat.Rfc3279DerSequence);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/webhooks/sendgrid")
        {
            // The same JSON, but not the same bytes.
            Content = new StringContent(altered ? body.TrimEnd() : body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Twilio-Email-Event-Webhook-Signature", Convert.ToBase64String(signature));
        request.Headers.Add("X-Twilio-Email-Event-Webhook-Timestamp", timestamp);

        using var answer = await host.Http.SendAsync(request);

        Assert.Equal(answered, answer.StatusCode);
        Assert.Equal(status, Assert.Single(AppHost.Deliveries(await host.GetAsync("/api/notifications/" + id))).GetProperty("status")
            .GetString());
    }

    [Fact]
    public async Task Ten_low_events_become_one_email_when_the_timer_is_run_by_hand()
    {
        await using var host = await AppHost.StartAsync();
        var ids = new List<string>();
        for (var n = 0; n < 10; n++)
        {
            ids.Add(await host.NotifyAsync(Seed.Replace("critical", "low", StringComparison.Ordinal)
                .Replace("user_1", "user_2", StringComparison.Ordinal)
                .Replace("push", "email", StringComparison.Ordinal).Replace("Test", $"Comment number {n}.", StringComparison.Ordinal)));
        }
        foreach (var id in ids)
        {
            await host.WaitForStatusAsync(id, "batched");
        }

        using var run = await host.PostAsync("/admin/functions/BuildDigests", "{}");

        Assert.Equal(HttpStatusCode.Accepted, run.StatusCode);
        var mail = Assert.Single((await host.WaitForAsync("/sandbox/messages?channel=email", all =>
            all.GetArrayLength() > 0)).EnumerateArray());
        Assert.All(Enumerable.Range(0, 10), n =>
            Assert.Contains($"Comment number {n}.", mail.GetProperty("body").GetString(), StringComparison.Ordinal));
        foreach (var id in ids)
        {
            var view = Assert.Single(AppHost.Deliveries(await host.WaitForStatusAsync(id, "delivered")));
            Assert.Equal(("delivered", mail.GetProperty("deliveryId").GetString()),
                (view.GetProperty("status").GetString(), view.GetProperty("digest").GetString()));
        }
    }

    [Fact]
    public async Task In_app_goes_into_the_inbox()
    {
        await using var host = await AppHost.StartAsync();

        var id = await host.NotifyAsync(Seed.Replace("\"push\"", "\"in_app\"", StringComparison.Ordinal));

        await host.WaitForStatusAsync(id, "delivered");
        var item = Assert.Single((await host.GetAsync("/api/recipients/user_1/inbox")).GetProperty("items").EnumerateArray());
        Assert.Equal("Test", item.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("not json", "application/json", HttpStatusCode.BadRequest, "$ not_json")]
    [InlineData("""{"type":"news","priority":"critical","recipients":["u"],"channels":["push"],"payload":{"message":"m"}}""",
        "application/json", HttpStatusCode.BadRequest, "type unknown")]
    [InlineData("""{"type":"alert","priority":"critical","recipients":[],"channels":["fax"],"payload":{"message":"m"}}""",
        "application/json", HttpStatusCode.BadRequest, "recipients invalid,channels[0] unknown")]
    [InlineData(Seed, "text/plain", HttpStatusCode.UnsupportedMediaType, null)]
    public async Task Bad_input_gets_a_problem_that_names_every_fault_and_nothing_is_enqueued(
        string body, string type, HttpStatusCode status, string? faults)
    {
        await using var host = await AppHost.StartAsync();

        using var answer = await host.PostAsync("/api/notify", body, type);

        Assert.Equal((status, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        if (faults is not null)
        {
            Assert.Equal(faults, string.Join(',', problem.GetProperty("errors").EnumerateArray()
                .Select(one => $"{one.GetProperty("field").GetString()} {one.GetProperty("code").GetString()}")));
        }
        Assert.Empty(await PublishedAsync(host));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_of_a_mebibyte_is_too_large_whether_or_not_it_says_so_beforehand(bool chunked)
    {
        await using var host = await AppHost.StartAsync();
        var body = Seed.Replace("Test", new string('x', 1024 * 1024), StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Post,
            "/api/notify")
        { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TransferEncodingChunked = chunked;

        using var answer = await host.Http.SendAsync(request);

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "application/problem+json"),
            (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Empty(await PublishedAsync(host));
    }

    [Theory]
    [InlineData("/api/notifications/nothing", HttpStatusCode.NotFound)]
    [InlineData("/api/notifications/a%20b", HttpStatusCode.BadRequest)]
    [InlineData("/api/notifications/x?cursor=abc", HttpStatusCode.BadRequest)]
    [InlineData("/api/recipients/user_1/inbox?cursor=abc", HttpStatusCode.BadRequest)]
    public async Task Bad_questions_get_problems_too(string path, HttpStatusCode status)
    {
        await using var host = await AppHost.StartAsync();

        using var answer = await host.Http.GetAsync(path);

        Assert.Equal((status, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task Health_names_the_dependencies_and_the_lanes()
    {
        await using var host = await AppHost.StartAsync();

        var health = await host.GetAsync("/api/health/details");

        Assert.Equal("healthy", health.GetProperty("status").GetString());
        Assert.All(["tables", "queues", "kafka"], name => Assert.Equal("up", health.GetProperty(name).GetString()));
        Assert.Equal(Backlog.Queues.Order(StringComparer.Ordinal), health.GetProperty("lanes").EnumerateObject().Select(one => one.Name)
            .Order(StringComparer.Ordinal));
        Assert.Equal((0, 0), (health.GetProperty("deadLetters").GetInt32(), health.GetProperty("timerLateSeconds").GetInt32()));
        Assert.Equal("alive", (await host.GetAsync("/api/health/live")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Metrics_are_there_as_text()
    {
        await using var host = await AppHost.StartAsync();
        await host.WaitForStatusAsync(await host.NotifyAsync(Seed), "sent");

        var text = await host.Http.GetStringAsync("/metrics");

        Assert.Contains("notify_events_accepted", text, StringComparison.Ordinal);
        Assert.Contains("notify_delivery_latency", text, StringComparison.Ordinal);
        Assert.Contains("service_name=\"notify\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_deliveries_come_in_pages()
    {
        await using var host = await AppHost.StartAsync();
        var recipients = string.Join(',', Enumerable.Range(0, 230).Select(n => $"\"nobody_{n}\""));
        var id = await host.NotifyAsync(Seed.Replace("\"user_1\"", recipients, StringComparison.Ordinal));
        var first = await host.WaitForAsync("/api/notifications/" + id, view => view.GetProperty("counts")
            .TryGetProperty("suppressed", out var count) && count.GetInt32() == 230);
        var seen = AppHost.Deliveries(first).Select(one => one.GetProperty("id").GetString()).ToList();
        for (var page = first; page.TryGetProperty("next", out var next);)
        {
            page = await host.GetAsync($"/api/notifications/{id}?cursor={next.GetString()}");
            seen.AddRange(AppHost.Deliveries(page).Select(one => one.GetProperty("id").GetString()));
        }

        Assert.Equal(230, seen.Distinct(StringComparer.Ordinal).Count());
    }

    private static async Task<IReadOnlyList<JsonElement>> PublishedAsync(AppHost host)
    {
        // Whatever had been accepted would have been dispatched by then: an urgent event is, before its answer.
        await host.NotifyAsync(Seed.Replace("user_1", "user_5", StringComparison.Ordinal));
        await host.WaitForAsync("/sandbox/messages", all => all.GetArrayLength() > 0);
        return [.. (await host.GetAsync("/sandbox/messages")).EnumerateArray()
            .Where(one => !one.GetProperty("to").GetString()!.Contains("user_5", StringComparison.Ordinal))];
    }
}
