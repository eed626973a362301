using System.Globalization;
using System.Text;
using Notify.Functions.Contract;
using Notify.Functions.Digests;
using Notify.Functions.Intake;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recovery;
using Notify.Functions.Sending;
using Notify.Functions.Tests.Harness;
using Notify.LocalHost.InMemory;

namespace Notify.Functions.Tests.Templates;

/// <summary>From an event that names a template to what the provider gets, or to the reason why it gets nothing.</summary>
public sealed class TemplateDispatchTests : IDisposable
{
    private readonly TestTemplates _templates = new(
        ("order/email.hbs", "--- subject\nOrder {{order}}\n--- text\nYours: {{order}}\n--- html\n<b>{{order}}</b>"),
        ("order/email.de.hbs", "--- subject\nBestellung {{order}}\n--- text\nIhre: {{order}}"),
        ("order/sms.hbs", "{{recipient.attributes.name}}: {{order}}"));

    public void Dispose() => _templates.Dispose();

    [Fact]
    public async Task Everybody_is_told_in_their_language_and_a_language_is_one_request()
    {
        using var notify = Harness();
        foreach (var (id, locale) in new[] { ("u1", "de-AT"), ("u2", "de"), ("u3", "en"), ("u4", "fr") })
        {
            await AddAsync(notify, id, locale);
        }

        await notify.DispatchAsync(notify.Record(
            Order(["u1", "u2", "u3", "u4", "mailto:x@example.com"], Channel.Email) with { Priority = Priority.High }));
        await notify.RunQueuesAsync();

        var requests = notify.Senders[Channel.Email].Requests.OrderBy(request => request.Content.Title, StringComparer.Ordinal).ToList();
        Assert.Equal(["Bestellung <7>: u1 u2", "Order <7>: mailto:x@example.com u3 u4"],
            requests.Select(request =>
                $"{request.Content.Title}: {string.Join(' ', request.Targets.Select(target => target.Recipient).Order(StringComparer.Ordinal))}"));
        Assert.Equal((null, "<b>&lt;7&gt;</b>"), (requests[0].Content.Html, requests[1].Content.Html));
        Assert.All((await notify.ReadAsync("e1")).Deliveries, delivery => Assert.Equal("sent", delivery.Status));
    }

    [Fact]
    public async Task Nobody_gets_what_is_meant_for_another()
    {
        using var notify = Harness();
        await AddAsync(notify, "u1", null, "Ann");
        await AddAsync(notify, "u2", null, "Bob");

        await notify.DispatchAsync(notify.Record(Order(["u1", "u2"], Channel.Sms)));
        await notify.RunQueuesAsync();

        Assert.Equal(["u1 Ann: <7>", "u2 Bob: <7>"],
            notify.Senders[Channel.Sms].Requests.Select(request => $"{request.Targets[0].Recipient} {request.Content.Text}")
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_cannot_be_said_is_suppressed_with_its_reason_and_the_others_are_sent()
    {
        using var notify = Harness();
        await AddAsync(notify, "u1", null, "Ann");
        await AddAsync(notify, "u2", null);

        await notify.DispatchAsync(
            notify.Record(Order(["u1", "u2"], Channel.Sms, Channel.Push)),
            notify.Record(Order(["u1"], Channel.Email) with { Id = "e2", Template = "nothing" }),
            notify.Record(Order(["u1"], Channel.Email) with { Id = "e3", Payload = TestEvents.Json("{}") }));
        await notify.RunQueuesAsync();

        Assert.Equal(
            ["u1 push suppressed template:no_channel", "u1 sms sent sent", "u2 push suppressed template:no_channel",
                "u2 sms suppressed template:variable:name"],
            (await notify.ReadAsync("e1")).Deliveries.Select(one => $"{one.Recipient} {one.Channel} {one.Status} {one.Reason}")
                .Order(StringComparer.Ordinal));
        var missing = await notify.ReadOnlyDeliveryAsync("e2");
        Assert.Equal(("suppressed", "template:missing"), (missing.Status, missing.Reason));
        Assert.Contains(missing.Timeline, entry => entry.Detail == "template:missing");
        Assert.Equal("template:variable:order", (await notify.ReadOnlyDeliveryAsync("e3")).Reason);
        Assert.Single(notify.Senders[Channel.Sms].Targets);
    }

    [Fact]
    public async Task What_can_no_longer_be_said_when_it_is_sent_has_failed_and_can_be_sent_again_when_it_can()
    {
        var backends = new InMemoryBackends(new LocalHost.ManualClock());
        using (var notify = Harness(backends))
        {
            await AddAsync(notify, "u1", null, "Ann");
            await notify.DispatchAsync(notify.Record(Order(["u1"], Channel.Sms, Channel.Email)));
        }
        Directory.Delete(Path.Combine(_templates.Folder, "order"), recursive: true);
        using (var next = Harness(backends))
        {
            await next.RunQueuesAsync();

            var view = await next.ReadAsync("e1");
            Assert.All(view.Deliveries, one => Assert.Equal(("failed", "template:missing", 1), (one.Status, one.Reason, one.Attempts)));
            Assert.Empty(next.Senders[Channel.Sms].Requests);
            Assert.Equal(2, (await next.Get<DeadLetterRedrive>()
                .RedriveAsync("template:missing", preview: true, CancellationToken.None)).Count);
        }
        _templates.Write("order/sms.hbs", "again {{order}}");
        _templates.Write("order/email.hbs", "--- subject\nagain\n--- text\n{{order}}");
        using (var repaired = Harness(backends))
        {
            await repaired.Get<DeadLetterRedrive>().RedriveAsync("template:missing", preview: false, CancellationToken.None);
            await repaired.RunQueuesAsync();

            Assert.All((await repaired.ReadAsync("e1")).Deliveries, one => Assert.Equal(("sent", 2), (one.Status, one.Attempts)));
            Assert.Equal("again <7>", Assert.Single(repaired.Senders[Channel.Sms].Requests).Content.Text);
        }
    }

    [Fact]
    public async Task An_attempt_of_somebody_else_stands_where_the_template_is_gone()
    {
        var backends = new InMemoryBackends(new LocalHost.ManualClock());
        using (var notify = Harness(backends))
        {
            await AddAsync(notify, "u1", null, "Ann");
            await notify.DispatchAsync(notify.Record(Order(["u1"], Channel.Sms)));
            await notify.RunQueuesAsync();
            // The same message once more, as after a sender that died before it deleted it.
            await notify.Get<EnvelopeQueue>().EnqueueAsync(
                [new OutgoingDelivery(EnvelopeEvent.From(Order(["u1"], Channel.Sms)),
                    new EnvelopeDelivery((await notify.ReadOnlyDeliveryAsync("e1")).Id, 1, "u1", ["+15555550100"]), TimeSpan.Zero)],
                        CancellationToken.None);
        }
        Directory.Delete(Path.Combine(_templates.Folder, "order"), recursive: true);
        using var next = Harness(backends);
        await next.RunQueuesAsync();

        Assert.Equal("sent", (await next.ReadOnlyDeliveryAsync("e1")).Status);
    }

    [Fact]
    public async Task An_item_of_a_digest_shows_the_templates_words()
    {
        using var notify = Harness();
        await AddAsync(notify, "u1", "de");
        await notify.DispatchAsync(
            notify.Record(Order(["u1"], Channel.Email) with { Type = EventType.Alert, Priority = Priority.Low }),
            notify.Record(Order(["u1"], Channel.Email) with
            {
                Id = "e2",
                Type = EventType.Alert,
                Priority = Priority.Low,
                Payload = TestEvents.Json("""{"order":8}""")
            }));

        notify.Clock.Advance(TimeSpan.FromMinutes(10));
        await notify.Get<DigestSchedule>().EnqueueDueAsync(openToo: false, CancellationToken.None);
        await notify.RunQueuesAsync();

        Assert.Equal(["• Bestellung 8: Ihre: 8", "• Bestellung <7>: Ihre: <7>"],
            Assert.Single(notify.Senders[Channel.Email].Requests).Content.Text.Split('\n').Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_deferred_delivery_is_looked_at_again_when_its_time_has_come()
    {
        var backends = new InMemoryBackends(new LocalHost.ManualClock());
        using (var notify = Harness(backends))
        {
            await AddAsync(notify, "u1", null, "Ann");
            await notify.DispatchAsync(notify.Record(Order(["u1"], Channel.Sms) with { SendAt = notify.Clock.GetUtcNow().AddHours(1) }));
            Assert.Equal("pending", (await notify.ReadOnlyDeliveryAsync("e1")).Status);
            await notify.Get<TableRecipientDirectory>()
                .ChangeAsync(null, "u1", profile => profile with { Attributes = new Dictionary<string, string>(StringComparer.Ordinal) },
                    CancellationToken.None);
            notify.Clock.Advance(TimeSpan.FromHours(2));
            await notify.Get<DigestSchedule>().EnqueueDueAsync(openToo: false, CancellationToken.None);
            await notify.RunQueuesAsync();

            var delivery = await notify.ReadOnlyDeliveryAsync("e1");
            Assert.Equal(("suppressed", "template:variable:name"), (delivery.Status, delivery.Reason));
        }
    }

    [Fact]
    public void An_envelope_holds_the_payload_once_and_the_largest_one_fits()
    {
        // Text that does not compress: four characters of Base64 hold three random bytes.
        var noise = new byte[24_000];
        new Random(7).NextBytes(noise);
        var payload = $$"""{"order":"{{Convert.ToBase64String(noise)}}"}""";
        var notification = EnvelopeEvent.From(Order([], Channel.Email) with { Payload = TestEvents.Json(payload) });
        var hash = new string('0', 26);
        var envelope = new Envelope(
            Channel.Email, Urgent: false, new Dictionary<string, EnvelopeEvent>(StringComparer.Ordinal) { [hash] = notification },
            [.. Enumerable.Range(0, 100).Select(n =>
                new EnvelopeDelivery(new DeliveryId(n.ToString("d16", CultureInfo.InvariantCulture), DateTimeOffset.UnixEpoch, hash,
                    Channel.Email).ToString(), 1, $"u{n}", [$"u{n}@example.com"]))]);

        Assert.True(EnvelopeSerializer.TryWrite(envelope, out var message));
        Assert.InRange(Encoding.UTF8.GetByteCount(message), 32_000, 48 * 1024);
        var read = EnvelopeSerializer.Read(message);
        Assert.Equal(("order", payload), (read.Events[hash].Template!.Name, read.Events[hash].Template!.Payload.GetRawText()));
    }

    [Fact]
    public async Task A_batch_refuses_the_event_whose_template_does_not_exist_and_takes_the_others()
    {
        using var notify = Harness();
        string Json(string template) =>
            $$"""{"type":"alert","priority":"low","recipients":["u"],"channels":["email"],"template":"{{template}}","payload":{"order":1} }""";

        var results = await notify.Get<BatchIntake>()
            .AcceptAsync([Encoding.UTF8.GetBytes(Json("order")), Encoding.UTF8.GetBytes(Json("nothing"))], traceParent: null,
                CancellationToken.None);

        Assert.Equal([202, 400], results.Select(result => result.Status));
        Assert.Contains("template", Assert.Single(results[1].Errors!).ToString(), StringComparison.Ordinal);
    }

    private NotifyHarness Harness(InMemoryBackends? backends = null) =>
        new(backends, settings: new Dictionary<string, string?>(
            StringComparer.Ordinal)
        { ["Notify:Templates:Folder"] = _templates.Folder });

    private static NotificationEvent Order(string[] recipients, params Channel[] channels) => TestEvents.Alert() with
    {
        Type = EventType.Transactional,
        Priority = Priority.Normal,
        Template = "order",
        Payload = TestEvents.Json("""{"order":"<7>"}"""),
        Recipients = recipients,
        Channels = channels,
    };

    private static Task AddAsync(NotifyHarness notify, string id, string? locale, string? name = null) =>
        notify.Get<TableRecipientDirectory>().PutAsync(
        new RecipientProfile
        {
            Id = id,
            Locale = locale,
            Email = $"{id}@example.com",
            Phone = "+15555550100",
            PushTokens = ["token-" + id],
            Attributes = name is null
                ? new Dictionary<string, string>(StringComparer.Ordinal)
                    : new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = name },
        },
        CancellationToken.None);
}
