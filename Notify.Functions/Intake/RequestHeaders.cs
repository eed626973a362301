using System.Text;
using Microsoft.AspNetCore.Http;
using Notify.Functions.Contract;

namespace Notify.Functions.Intake;

/// <summary>
/// A request's headers as the contract reads them: in CloudEvents over HTTP the prefix is <c>ce-</c> and values are percent-encoded
/// (<see cref="CloudEventHeaderValue"/>).
/// </summary>
internal static class RequestHeaders
{
    private const string CloudPrefix = "ce-";

    /// <summary>Content type, trace context, and the attributes of a CloudEvent in binary mode.</summary>
    public static EventHeaders Read(HttpRequest request) => EventHeaders.From(
        from header in request.Headers
        let isAttribute = header.Key.StartsWith(CloudPrefix, StringComparison.OrdinalIgnoreCase)
        where isAttribute
            || header.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)
            || header.Key.Equals("traceparent", StringComparison.OrdinalIgnoreCase)
        from value in header.Value
        select isAttribute
            ? KeyValuePair.Create("ce_" + header.Key[CloudPrefix.Length..], value is null ? null : CloudEventHeaderValue.Decode(value))
            : KeyValuePair.Create(header.Key, Bytes(value)));

    private static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);
}
