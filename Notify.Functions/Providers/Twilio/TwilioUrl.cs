namespace Notify.Functions.Providers.Twilio;

/// <summary>
/// The addresses that Twilio calls and signs, as text: <see cref="Uri"/> lower-cases hosts and drops default ports, and the signature
/// is over the letters as they were given.
/// </summary>
internal static class TwilioUrl
{
    private const string WebhookPath = "/api/webhooks/twilio";

    /// <summary>The query parameter that carries our attempt id; Twilio signs it with the rest.</summary>
    public const string AttemptParameter = "attempt";

    /// <summary>Where the reports of one attempt go.</summary>
    public static string StatusCallback(string publicBaseUrl, string attemptId) =>
        Join(publicBaseUrl, $"{WebhookPath}?{AttemptParameter}={Uri.EscapeDataString(attemptId)}");

    /// <summary>The address of a call that came in at this path.</summary>
    public static string Join(string publicBaseUrl, string pathAndQuery) => publicBaseUrl.TrimEnd('/') + pathAndQuery;

    /// <summary>
    /// What Twilio may have signed: the address with its port and without, whichever way it is configured, as Twilio's SDKs try.
    /// </summary>
    public static IReadOnlyList<string> Forms(string url)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return [url];
        }
        var start = scheme + 3;
        var end = url.AsSpan(start).IndexOfAny('/', '?', '#') is >= 0 and var length ? start + length : url.Length;
        var host = url.LastIndexOf('@', end - 1, end - start) + 1; // After user and password, where there are any.
        host = host == 0 ? start : host;
        var colon = url.LastIndexOf(':', end - 1, end - host);
        var hasPort = colon > url.LastIndexOf(']', end - 1, end - host);
        if (hasPort)
        {
            return [url, url[..colon] + url[end..]];
        }
        var port = url.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ? ":443" : ":80";
        return [url, url[..end] + port + url[end..]];
    }

    /// <summary>The query of a path, without its question mark.</summary>
    public static string Query(string pathAndQuery) =>
        pathAndQuery.IndexOf('?', StringComparison.Ordinal) is >= 0 and var mark ? pathAndQuery[(mark + 1)..] : "";
}
