using Microsoft.AspNetCore.Http;

namespace Notify.Functions.Infrastructure.Http;

/// <summary>Reads forms, urlencoded or in parts, with a limit.</summary>
internal static class RequestForm
{
    /// <summary>
    /// The form, or <see langword="null"/> where the body is larger than the limit, no form, or cannot be read as what it says it is.
    /// </summary>
    public static async Task<IFormCollection?> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType || await RequestBody.ReadAsync(request, limit, cancellationToken) is not { } body)
        {
            return null;
        }
        try
        {
            request.Body = new MemoryStream(body);
            return await request.ReadFormAsync(cancellationToken);
        }
        catch (Exception fault) when (IsOfTheCaller(fault))
        {
            return null;
        }
    }

    // Broken parts, too many fields, and charsets that .NET does not know (ArgumentException) or refuses, as UTF-7 (NotSupportedException).
    // Nothing but memory is read here.
    private static bool IsOfTheCaller(Exception fault) =>
        fault is InvalidDataException or IOException or BadHttpRequestException or ArgumentException or NotSupportedException
            or FormatException;
}
