using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Azure.Data.Tables;

/// <summary>
/// Reads the answer to a transaction: one change set with an answer for each write, or, where it was refused, one with a single error.
/// </summary>
internal static class BatchAnswer
{
    public static async Task<IReadOnlyList<Response>> ReadAsync(Response response, CancellationToken cancellationToken)
    {
        var answers = new List<Response>();
        var outer = Reader(response.Headers.ContentType, response.Content.ToStream());
        while (await outer.ReadNextSectionAsync(cancellationToken) is { } part)
        {
            if (part.ContentType?.StartsWith("multipart/mixed", StringComparison.OrdinalIgnoreCase) != true)
            {
                answers.Add(await BatchedResponse.ReadAsync(part.Body, cancellationToken));
                continue;
            }

            var inner = Reader(part.ContentType, part.Body);
            while (await inner.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                answers.Add(await BatchedResponse.ReadAsync(section.Body, cancellationToken));
            }
        }

        return answers;
    }

    private static MultipartReader Reader(string? contentType, Stream body)
    {
        var boundary = MediaTypeHeaderValue.TryParse(contentType, out var type) ? HeaderUtilities.RemoveQuotes(type.Boundary).Value : null;
        return string.IsNullOrEmpty(boundary)
            ? throw new InvalidDataException("The service answered a transaction with something other than multipart/mixed.")
            : new MultipartReader(boundary, body);
    }
}
