using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Notify.Functions.Providers.Twilio;
using Notify.Functions.Reports;
using Notify.Functions.Tests.Providers.Harness;

namespace Notify.Functions.Tests.Providers.Twilio;

/// <summary>
/// Reports that a Webhook Setting signs by a SharedKey (<c>https://www.twilio.com/docs/usage/webhooks/webhook-shared-keys</c>): only key
/// and hash are others.
/// </summary>
public sealed class TwilioSharedKeyTests
{
    private const string Path = "/api/webhooks/twilio?attempt=d~1";
    private const string Url = "https://notify.example" + Path;
    private const string Token = TwilioAccount.AuthToken;
    private const string Shared = "shared-secret-0123456789";

    private static readonly DateTimeOffset Now = ProviderApp.Start;
    private static readonly byte[] Form = "MessageStatus=delivered&MessageSid=SM1"u8.ToArray();

    [Theory]
    [InlineData(Shared, "SHA256", "key=WK1,algorithm=HMAC_SHA256", WebhookVerdict.Valid)]
    [InlineData(Shared, "SHA256", "algorithm=HMAC_SHA256, key=WK1", WebhookVerdict.Valid)]
    [InlineData(Shared, "SHA1", "key=WK1,algorithm=HMAC_SHA1", WebhookVerdict.Valid)]
    [InlineData(Token, "SHA1", null, WebhookVerdict.Valid)]
    [InlineData(Shared, "SHA1", "key=WK1,algorithm=HMAC_SHA256", WebhookVerdict.Forged)]
    [InlineData(Shared, "SHA256", "key=WK1,algorithm=HMAC_SHA1", WebhookVerdict.Forged)]
    [InlineData(Shared, "SHA256", "key=WK1,algorithm=HMAC_MD5", WebhookVerdict.Forged)]
    [InlineData(Shared, "SHA256", "key=WK1", WebhookVerdict.Forged)]
    [InlineData(Shared, "SHA256", "", WebhookVerdict.Forged)]
    [InlineData(Shared, "SHA256", null, WebhookVerdict.Forged)]
    [InlineData(Shared, "SHA1", null, WebhookVerdict.Forged)]
    [InlineData(Token, "SHA256", "key=WK1,algorithm=HMAC_SHA256", WebhookVerdict.Forged)]
    [InlineData(Token, "SHA1", "key=WK1,algorithm=HMAC_SHA1", WebhookVerdict.Forged)]
    [InlineData("another", "SHA256", "key=WK1,algorithm=HMAC_SHA256", WebhookVerdict.Forged)]
    public void A_report_is_genuine_by_the_key_and_the_hash_that_its_setting_says(
        string secret, string hash, string? settings, WebhookVerdict expected) =>
        Assert.Equal(expected, Webhook(Shared).Verify(
            Request(Form, Sign(secret, hash, Url + "MessageSidSM1MessageStatusdelivered"), settings), Now));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("of-another-setting")]
    public void Without_the_key_what_it_signs_is_refused(string? configured) =>
        Assert.Equal(WebhookVerdict.Forged, Webhook(configured).Verify(
            Request(Form, Sign(Shared, "SHA256", Url + "MessageSidSM1MessageStatusdelivered"), "key=WK1,algorithm=HMAC_SHA256"), Now));

    [Fact]
    public void An_empty_key_signs_nothing() =>
        Assert.Equal(WebhookVerdict.Forged, Webhook("").Verify(
            Request(Form, Sign("", "SHA256", Url + "MessageSidSM1MessageStatusdelivered"), "key=WK1,algorithm=HMAC_SHA256"), Now));

    [Theory]
    [InlineData("new-key")]
    [InlineData("old-key")]
    public void While_keys_are_rotated_both_count(string secret) =>
        Assert.Equal(WebhookVerdict.Valid, Webhook("new-key,old-key").Verify(
            Request(Form, Sign(secret, "SHA256", Url + "MessageSidSM1MessageStatusdelivered"), "key=WK1,algorithm=HMAC_SHA256"), Now));

    [Fact]
    public void JSON_is_covered_by_the_hash_in_its_address()
    {
        var body = """{"status":"x"}"""u8.ToArray();
        var path = $"{Path}&bodySHA256={Convert.ToHexStringLower(SHA256.HashData(body))}";
        var request = Request(body, Sign(Shared, "SHA256", "https://notify.example" + path),
            "key=WK1,algorithm=HMAC_SHA256") with
        { Path = path, ContentType = "application/json" };

        Assert.Equal(WebhookVerdict.Valid, Webhook(Shared).Verify(request, Now));
        Assert.Equal(WebhookVerdict.Forged, Webhook(Shared).Verify(request with { Body = "{}"u8.ToArray() }, Now));
    }

    private static string Sign(string secret, string hash, string signed)
    {
        using var hmac = IncrementalHash.CreateHMAC(new HashAlgorithmName(hash), Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.UTF8.GetBytes(signed));
        return Convert.ToBase64String(hmac.GetHashAndReset());
    }

    private static WebhookRequest Request(byte[] body, string signature, string? settings)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { [TwilioWebhook.SignatureHeader] = signature };
        if (settings is not null)
        {
            headers["x-twilio-webhooks-signature-settings"] = settings;
        }
        return new WebhookRequest(Path, headers, "application/x-www-form-urlencoded", body);
    }

    private static TwilioWebhook Webhook(string? shared) =>
        new(Options.Create(new TwilioOptions { AuthToken = Token, PublicBaseUrl = "https://notify.example", SharedKey = shared }));
}
