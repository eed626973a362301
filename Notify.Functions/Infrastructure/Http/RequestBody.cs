using Microsoft.AspNetCore.Http;

namespace Notify.Functions.Infrastructure.Http;

/// <summary>Reads request bodies with a limit.</summary>
internal static class RequestBody
{
    /// <summary>The body, or <see langword="null"/> where it is larger than the limit; no more than the limit is ever held.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
        {
            return null;
        }
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > limit)
            {
                return null;
            }
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }
}
