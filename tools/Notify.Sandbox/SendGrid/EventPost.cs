using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Notify.Sandbox.Common;
using Notify.Sandbox.Reports;

namespace Notify.Sandbox.SendGrid;

/// <summary>
/// A post of the event webhook: a JSON array with a line break (CR LF) after each event and at the end, signed over the timestamp header
/// and the raw bytes
/// (<see href="https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features">security
/// features</see>; the line breaks as in the official SDKs' test data).
/// </summary>
internal sealed class EventPost(SandboxOptions options, CallbackAddress address, ReportSchedule schedule, TimeProvider clock) : IReportPost
{
    public string Provider => ProviderNames.SendGrid;

    public int MaxReports => options.BatchSize;

    public HttpRequestMessage? Write(ReportCall call)
    {
        if (address.Find(Provider, schedule.Settings) is not { } url)
        {
            return null;
        }
        var body = Encoding.UTF8.GetBytes($"[{string.Join(",\r\n", call.Reports.Select(r => r.Content))}]\r\n");
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.Add("X-Twilio-Email-Event-Webhook-Signature", Sign(timestamp, body));
        request.Headers.Add("X-Twilio-Email-Event-Webhook-Timestamp", timestamp);
        request.Headers.TryAddWithoutValidation("User-Agent", "SendGrid Event API");
        return request;
    }

    /// <summary>base64(DER(ECDSA P-256 with SHA-256 over timestamp and body)). Each try is signed anew, with its own timestamp.</summary>
    private string Sign(string timestamp, byte[] body)
    {
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(options.Credentials.SendGridSigningKey, out _);
        byte[] signed = [.. Encoding.UTF8.GetBytes(timestamp), .. body];
        return Convert.ToBase64String(key.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }
}
