using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Notify.Functions.Infrastructure.Http;

/// <summary>Ids in paths, decoded exactly once.</summary>
/// <remarks>
/// Kestrel decodes a path before it is routed, all but <c>%2F</c>, so that a slash within an id does not become one between two. What it
/// leaves is decoded here, from the target as the caller wrote it, because <c>%2F</c> and <c>%252F</c> look the same by then. The Functions
/// host writes the target anew for its worker: there both are a slash.
/// </remarks>
internal static class PathIds
{
    private const string Slash = "%2F";

    // The host's name for the invocation, on everything that it hands to its worker.
    private const string FromHost = "x-ms-invocation-id";

    /// <summary>A route's value with its slashes.</summary>
    public static string PathId(this HttpRequest request, string value)
    {
        if (!value.Contains(Slash, StringComparison.OrdinalIgnoreCase))
        {
            return value;
        }
        var target = request.Headers.ContainsKey(FromHost) ? null : request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget;
        var written = target?.Split('?')[0].Split('/').FirstOrDefault(segment =>
            string.Equals(ByServer(segment), value, StringComparison.Ordinal));
        return written is null ? value.Replace(Slash, "/", StringComparison.OrdinalIgnoreCase) : Uri.UnescapeDataString(written);
    }

    private static string ByServer(string segment) =>
        Uri.UnescapeDataString(segment.Replace("%2F", "%252F", StringComparison.Ordinal).Replace("%2f", "%252f", StringComparison.Ordinal));
}
