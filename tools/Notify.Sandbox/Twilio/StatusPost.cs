using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Notify.Sandbox.Common;
using Notify.Sandbox.Reports;

namespace Notify.Sandbox.Twilio;

/// <summary>
/// A status callback: a form post with one report, signed over the URL and the parameters
/// (<see href="https://www.twilio.com/docs/usage/webhooks/webhooks-security">webhooks security</see>).
/// </summary>
internal sealed class StatusPost(SandboxOptions options) : IReportPost
{
    public string Provider => ProviderNames.Twilio;

    public int MaxReports => 1;

    public HttpRequestMessage? Write(ReportCall call)
    {
        var report = call.Reports[0];
        // The fragment of a callback URL is an instruction to Twilio and never sent.
        var url = report.Url!.Split('#')[0];
        var request = new HttpRequestMessage(HttpMethod.Post, AsGiven(url))
        {
            Content = new ByteArrayContent(Encoding.ASCII.GetBytes(report.Content)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded", "UTF-8");
        request.Headers.Add("X-Twilio-Signature", Sign(url, report.Content));
        request.Headers.Add("I-Twilio-Idempotency-Token", call.Id.ToString("D"));
        request.Headers.UserAgent.ParseAdd("TwilioProxy/1.1");
        return request;
    }

    /// <summary>The request line must show the path and query that were signed: <see cref="Uri"/> would rewrite escapes.</summary>
    private static Uri AsGiven(string url) => new(url, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    /// <summary>base64(HMAC-SHA1(auth token, URL followed by each name and value, names in ordinal order)).</summary>
    private string Sign(string url, string form)
    {
        using var reader = new FormReader(form);
        var parameters = reader.ReadForm().OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Key + p.Value);
#pragma warning disable CA5350 // The algorithm is Twilio's.
        var hash = HMACSHA1.HashData(
            Encoding.UTF8.GetBytes(options.Credentials.TwilioAuthToken), Encoding.UTF8.GetBytes(url + string.Concat(parameters)));
#pragma warning restore CA5350
        return Convert.ToBase64String(hash);
    }
}
