using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Notify.Functions.Providers.Twilio;
using Notify.Functions.Reports;
using Notify.Functions.Tests.Providers.Harness;

namespace Notify.Functions.Tests.Providers.Twilio;

public sealed class TwilioWebhookTests
{
    private const string Path = "/api/webhooks/twilio?attempt=d~1";

    private static readonly IReadOnlyDictionary<string, JsonElement> Rows =
        Vectors.Load("twilio_request_validator.json", TwilioVectors.Json);
    private static readonly DateTimeOffset Now = ProviderApp.Start;
    private static readonly byte[] Form = "MessageSid=SM1&MessageStatus=delivered&To=%2B15125550100"u8.ToArray();

    /// <summary>Only Node's old query encoding accepts the rows that need <c>legacy_querystring</c>.</summary>
    public static TheoryData<string> RowNames =>
        [.. Rows.Values.Where(row => !Needs(row, "legacy_querystring")).Select(row => row.Text("name"))];

    [Theory]
    [MemberData(nameof(RowNames))]
    public void A_row_of_the_vectors_has_its_verdict(string name)
    {
        var row = Rows[name];
        var headers = row.GetProperty("headers").EnumerateObject()
            .ToDictionary(header => header.Name, header => header.Value.GetString()!, StringComparer.OrdinalIgnoreCase);
        var url = row.Text("url");
        var path = url.IndexOf('/', url.IndexOf("://", StringComparison.Ordinal) + 3);
        var body = row.TryGetProperty("body_base64", out var bytes) && bytes.ValueKind == JsonValueKind.String
            ? bytes.GetBytesFromBase64() : [];
        var request = new WebhookRequest(url[path..], headers, headers.GetValueOrDefault("Content-Type", ""), body);
        Assert.Equal(row.Text("expected") == "valid",
            Webhook(row.Text("auth_token"), url[..path]).Verify(request, Now) == WebhookVerdict.Valid);
    }

    [Fact]
    public void The_rows_that_a_clone_carries_are_the_official_ones() => Assert.All(Vectors.Rows(TwilioVectors.Json), row =>
    {
        foreach (var name in (string[])["auth_token", "url", "headers", "body_base64", "expected"])
        {
            Assert.True(JsonElement.DeepEquals(row.Value.GetProperty(name), Rows[row.Key].GetProperty(name)));
        }
    });

    [Fact]
    public void A_status_callback_of_ours_is_signed_over_the_address_that_was_sent()
    {
        const string Base = "https://Notify.Example:8443/base/";
        var signed = TwilioUrl.StatusCallback(Base, "d~1");
        Assert.Equal("https://Notify.Example:8443/base/api/webhooks/twilio?attempt=d~1", signed);
        var webhook = Webhook(TwilioAccount.AuthToken, Base);
        Assert.Equal(WebhookVerdict.Valid, webhook.Verify(Request(Form, Sign(signed, Form)), Now));
        Assert.Equal(WebhookVerdict.Valid,
            webhook.Verify(Request(Form, Sign(signed.Replace(":8443", "", StringComparison.Ordinal), Form)), Now));
        Assert.Equal(WebhookVerdict.Forged, webhook.Verify(Request(Form, Sign(signed.ToLowerInvariant(), Form)), Now));
        Assert.Equal(WebhookVerdict.Forged, webhook.Verify(Request(Form, Sign(signed, Form)) with { Path = Path + "2" }, Now));
    }

    [Fact]
    public void Any_byte_of_the_form_that_changes_makes_it_forged()
    {
        var genuine = Request(Form, Sign("https://notify.example" + Path, Form));
        var webhook = Webhook(TwilioAccount.AuthToken, "https://notify.example");
        Assert.Equal(WebhookVerdict.Valid, webhook.Verify(genuine, Now));
        for (var at = 0; at < Form.Length; at++)
        {
            var altered = Form.ToArray();
            altered[at] = (byte)(altered[at] == 'x' ? 'y' : 'x');
            Assert.Equal(WebhookVerdict.Forged, webhook.Verify(genuine with { Body = altered }, Now));
        }
    }

    [Fact]
    public void The_same_JSON_in_other_bytes_is_forged()
    {
        var body = """{"property": "value", "boolean": true}"""u8.ToArray();
        var path = $"{Path}&bodySHA256={Convert.ToHexStringLower(SHA256.HashData(body))}";
        var genuine = Request(body, Sign("https://notify.example" + path, [])) with
        {
            Path = path,
            ContentType = "application/json; charset=utf-8"
        };
        var webhook = Webhook(TwilioAccount.AuthToken, "https://notify.example");
        Assert.Equal(WebhookVerdict.Valid, webhook.Verify(genuine, Now));
        Assert.Equal(WebhookVerdict.Forged,
            webhook.Verify(genuine with { Body = """{"property":"value","boolean":true}"""u8.ToArray() }, Now));
        Assert.Equal(new WebhookContent([], 1).Ignored, webhook.Parse(genuine, Now).Ignored);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void A_missing_signature_is_said(string? signature)
    {
        var request = Request(Form, signature ?? "");
        request = signature is null ? request with { Headers = new Dictionary<string, string>() } : request;
        Assert.Equal(WebhookVerdict.Missing, Webhook(TwilioAccount.AuthToken, "https://notify.example").Verify(request, Now));
    }

    [Theory]
    [InlineData("https://a.example/p", "https://a.example:443/p")]
    [InlineData("http://a.example?q=1", "http://a.example:80?q=1")]
    [InlineData("HTTPS://A.example", "HTTPS://A.example:443")]
    [InlineData("https://u:p@a.example/p?x=@:1", "https://u:p@a.example:443/p?x=@:1")]
    [InlineData("https://u:p@a.example:99/p", "https://u:p@a.example/p")]
    [InlineData("https://[::1]/p", "https://[::1]:443/p")]
    [InlineData("https://[::1]:99/p", "https://[::1]/p")]
    public void An_address_is_tried_with_its_port_and_without(string url, string other) => Assert.Equal([url, other], TwilioUrl.Forms(url));

    private static bool Needs(JsonElement row, string need) =>
        row.GetProperty("needs").EnumerateArray().Any(value => value.ValueEquals(need));

    [SuppressMessage("Security", "CA5350", Justification = "Twilio's algorithm.")]
    private static string Sign(string url, byte[] form)
    {
        var fields = Encoding.UTF8.GetString(form).Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(field => Uri.UnescapeDataString(field.Replace("=", "", StringComparison.Ordinal))).Order(StringComparer.Ordinal);
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(TwilioAccount.AuthToken),
            Encoding.UTF8.GetBytes(url + string.Concat(fields))));
    }

    private static WebhookRequest Request(byte[] body, string signature) => new(
        Path,
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { [TwilioWebhook.SignatureHeader] = signature },
        "application/x-www-form-urlencoded; charset=utf-8",
        body);

    private static TwilioWebhook Webhook(string authToken, string publicBaseUrl) =>
        new(Options.Create(new TwilioOptions { AuthToken = authToken, PublicBaseUrl = publicBaseUrl }));
}
