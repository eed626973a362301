using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Notify.Functions.Providers.SendGrid;
using Notify.Functions.Reports;
using Notify.Functions.Tests.Providers.Harness;

namespace Notify.Functions.Tests.Providers.SendGrid;

public sealed class SendGridWebhookTests
{
    private static readonly IReadOnlyDictionary<string, JsonElement> Rows =
        Vectors.Load("sendgrid_event_webhook.json", SendGridVectors.Json);
    private static readonly DateTimeOffset Now = ProviderApp.Start;
    private static readonly byte[] Body = """[{"event":"delivered","attempt_id":"d~1","timestamp":1795341600}]"""u8.ToArray();

    private readonly SendGridWebhook _webhook = Webhook(Convert.ToBase64String(SendGridAccount.Key.ExportSubjectPublicKeyInfo()));

    public static TheoryData<string> RowNames => Vectors.Names(Rows);

    [Theory]
    [MemberData(nameof(RowNames))]
    public void A_row_of_the_vectors_has_its_verdict(string name)
    {
        var row = Rows[name];
        var headers = row.GetProperty("headers").EnumerateObject()
            .ToDictionary(header => header.Name, header => header.Value.GetString()!, StringComparer.OrdinalIgnoreCase);
        var request = new WebhookRequest("/api/webhooks/sendgrid", headers, headers["Content-Type"], row.GetProperty("body_base64")
            .GetBytesFromBase64());
        var verdict = Webhook(row.Text("public_key_spki_base64")).Verify(request,
            DateTimeOffset.FromUnixTimeSeconds(row.GetProperty("clock_unix").GetInt64()));
        Assert.Equal(row.Text("expected") == "valid", verdict == WebhookVerdict.Valid);
    }

    [Fact]
    public void The_rows_that_a_clone_carries_are_the_official_ones() => Assert.All(Vectors.Rows(SendGridVectors.Json), row =>
    {
        foreach (var name in (string[])["public_key_spki_base64", "headers", "body_base64", "expected"])
        {
            Assert.True(JsonElement.DeepEquals(row.Value.GetProperty(name), Rows[row.Key].GetProperty(name)));
        }
    });

    [Theory]
    [InlineData(0, WebhookVerdict.Valid)]
    [InlineData(600, WebhookVerdict.Valid)]
    [InlineData(601, WebhookVerdict.Stale)]
    [InlineData(-600, WebhookVerdict.Valid)]
    [InlineData(-601, WebhookVerdict.Stale)]
    public void A_genuine_request_is_taken_for_ten_minutes(int secondsLate, WebhookVerdict expected) =>
        Assert.Equal(expected, _webhook.Verify(Signed(Body, Now), Now.AddSeconds(secondsLate)));

    [Fact]
    public void Any_byte_of_the_body_that_changes_makes_it_forged()
    {
        var genuine = Signed(Body, Now);
        for (var at = 0; at < Body.Length; at++)
        {
            var altered = Body.ToArray();
            altered[at] ^= 1;
            Assert.Equal(WebhookVerdict.Forged, _webhook.Verify(genuine with { Body = altered }, Now));
        }
    }

    [Fact]
    public void The_same_JSON_in_other_bytes_is_forged()
    {
        var genuine = Signed(Body, Now);
        var reserialised = Encoding.UTF8.GetBytes(JsonNode.Parse(Body)!.ToJsonString().Replace(",", ", ", StringComparison.Ordinal));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Body), JsonNode.Parse(reserialised)));
        Assert.Equal(WebhookVerdict.Forged, _webhook.Verify(genuine with { Body = reserialised }, Now));
        Assert.Equal(WebhookVerdict.Forged, _webhook.Verify(genuine with { Body = (byte[])[.. Body, (byte)'\n'] }, Now));
    }

    [Theory]
    [InlineData(SendGridWebhook.SignatureHeader)]
    [InlineData(SendGridWebhook.TimestampHeader)]
    public void A_missing_header_is_said(string header)
    {
        var genuine = Signed(Body, Now);
        var headers = genuine.Headers.Where(pair => pair.Key != header).ToDictionary(StringComparer.OrdinalIgnoreCase);
        Assert.Equal(WebhookVerdict.Missing, _webhook.Verify(genuine with { Headers = headers }, Now));
    }

    [Theory]
    [InlineData("AAAA")]
    [InlineData("MEUCIQ==")]
    [InlineData("not base64!")]
    public void A_signature_that_cannot_be_read_is_forged(string signature) =>
        Assert.Equal(WebhookVerdict.Forged, _webhook.Verify(WithSignature(Body, "1600112502", signature), Now));

    [Fact]
    public void A_signed_timestamp_that_is_no_number_is_forged() =>
        Assert.Equal(WebhookVerdict.Forged, _webhook.Verify(WithSignature(Body, "today", Sign("today", Body)), Now));

    [Fact]
    public void A_later_timestamp_does_not_renew_an_old_signature()
    {
        var old = Signed(Body, Now.AddDays(-1));
        var renewed = WithSignature(Body, Seconds(Now), old.Headers[SendGridWebhook.SignatureHeader]);
        Assert.Equal(WebhookVerdict.Forged, _webhook.Verify(renewed, Now));
    }

    private static WebhookRequest Signed(byte[] body, DateTimeOffset at) => WithSignature(body, Seconds(at), Sign(Seconds(at), body));

    private static string Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString();

    private static string Sign(string timestamp, byte[] body) => Convert.ToBase64String(
        SendGridAccount.Key.SignData([.. Encoding.ASCII.GetBytes(timestamp), .. body], HashAlgorithmName.SHA256,
            DSASignatureFormat.Rfc3279DerSequence));

    private static WebhookRequest WithSignature(byte[] body, string timestamp, string signature) => new(
        "/api/webhooks/sendgrid",
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            [SendGridWebhook.SignatureHeader] = signature,
            [SendGridWebhook.TimestampHeader] = timestamp
        },
        "application/json",
        body);

    private static SendGridWebhook Webhook(string key) => new(Options.Create(new SendGridOptions { WebhookKey = key }));
}
