using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Notify.Sandbox.Common;

namespace Notify.Sandbox.Control;

/// <summary>Reads the bodies of the sandbox's own endpoints; any content type will do, so that a bare curl works.</summary>
internal static class ControlRequest
{
    /// <summary>The body, or <see langword="null"/> where it is not JSON.</summary>
    public static async Task<JsonDocument?> ReadJsonAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, cancellationToken);
            return JsonBody.Parse(body.ToArray());
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The answer to it.</summary>
    public static IResult NotJson() =>
        TypedResults.Problem("The body must be JSON.", statusCode: StatusCodes.Status400BadRequest, title: "The body is not JSON.");
}
