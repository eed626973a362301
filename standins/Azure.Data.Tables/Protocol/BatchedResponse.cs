using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>The answer to one write of a transaction: an HTTP response within a part.</summary>
internal sealed class BatchedResponse : Response
{
    private readonly Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase);

    private BatchedResponse(int status, string reasonPhrase) => (Status, ReasonPhrase) = (status, reasonPhrase);

    public override int Status { get; }

    public override string ReasonPhrase { get; }

    public override Stream? ContentStream { get; set; }

    public override string ClientRequestId { get; set; } = "";

    public override bool IsError => Status >= 400;

    public static async Task<BatchedResponse> ReadAsync(Stream part, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(part, Encoding.UTF8);
        var line = await reader.ReadLineAsync(cancellationToken);
        while (line?.StartsWith("HTTP/", StringComparison.Ordinal) == false)
        {
            // Azurite repeats the boundary before some of its errors.
            line = await reader.ReadLineAsync(cancellationToken);
        }

        var status = (line ?? "").Split(' ', 3);
        if (status.Length < 2 || !int.TryParse(status[1], NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            throw new InvalidDataException("A part of the service's answer to a transaction is no HTTP response.");
        }

        var response = new BatchedResponse(code, status.ElementAtOrDefault(2) ?? "");
        while (await reader.ReadLineAsync(cancellationToken) is { Length: > 0 } header)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            response._headers[header[..Math.Max(colon, 0)]] = header[(colon + 1)..].Trim();
        }

        response.ContentStream = new MemoryStream(Encoding.UTF8.GetBytes(await reader.ReadToEndAsync(cancellationToken)));
        return response;
    }

    public override void Dispose()
    {
    }

    protected override bool ContainsHeader(string name) => _headers.ContainsKey(name);

    protected override IEnumerable<HttpHeader> EnumerateHeaders() => _headers.Select(header => new HttpHeader(header.Key, header.Value));

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value) => _headers.TryGetValue(name, out value);

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = _headers.TryGetValue(name, out var value) ? [value] : null;
        return values is not null;
    }
}
