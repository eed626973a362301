using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Notify.Sandbox.Common;

namespace Notify.Sandbox.Gate;

/// <summary>An HTTP answer in a provider's own words.</summary>
internal sealed class ProviderAnswer(int status, string contentType, string body)
{
    private readonly Dictionary<string, string> _headers = new(StringComparer.Ordinal);

    public int Status => status;

    /// <summary>JSON, or nothing at all.</summary>
    public static ProviderAnswer Json(int status, JsonNode body, string contentType = "application/json") =>
        new(status, contentType, body.ToJsonString(SandboxJson.Options));

    /// <summary>A status and an empty body.</summary>
    public static ProviderAnswer Empty(int status) => new(status, contentType: "", body: "");

    /// <summary>What a proxy in front of the provider says: not the provider's dialect, which is the point.</summary>
    public static ProviderAnswer FromProxy(int status) => new(status, "text/html; charset=UTF-8",
        string.Create(CultureInfo.InvariantCulture,
            $"<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>\r\n"));

    /// <summary>Adds a header.</summary>
    public ProviderAnswer With(string header, string value)
    {
        _headers[header] = value;
        return this;
    }

    /// <summary>Adds <c>Retry-After</c> in whole seconds, at least one.</summary>
    public ProviderAnswer WithRetryAfter(TimeSpan time) => With("Retry-After", Seconds(time).ToString(CultureInfo.InvariantCulture));

    /// <summary>A time in whole seconds, rounded up.</summary>
    public static long Seconds(TimeSpan time) => Math.Max(1, (long)Math.Ceiling(time.TotalSeconds));

    public async Task WriteAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        response.StatusCode = status;
        foreach (var (name, value) in _headers)
        {
            response.Headers[name] = value;
        }
        var bytes = Encoding.UTF8.GetBytes(body);
        response.ContentLength = bytes.Length;
        if (bytes.Length > 0)
        {
            response.ContentType = contentType;
            await response.Body.WriteAsync(bytes, cancellationToken);
        }
    }
}
