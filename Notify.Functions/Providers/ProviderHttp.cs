using System.Net.Http.Headers;
using Notify.Functions.Infrastructure.Resilience;

namespace Notify.Functions.Providers;

/// <summary>
/// Posts one request to a provider and tells apart, as values, what was provably not accepted, what may have been accepted although its
/// answer is lost, and what was answered.
/// </summary>
/// <remarks>
/// <para>
/// The proof is <see cref="WriteTrackingContent.Begun"/>, not the exception. <see cref="HttpRequestError.NameResolutionError"/>,
/// <see cref="HttpRequestError.ConnectionError"/>, <see cref="HttpRequestError.SecureConnectionError"/>,
/// <see cref="HttpRequestError.ProxyTunnelError"/> and <see cref="HttpRequestError.VersionNegotiationError"/> speak of the last
/// connection that was tried: over HTTP/2 a request may go out, be handed back by the server and then find no second connection. Any
/// other value, <see cref="HttpRequestError.Unknown"/> included, is used on both sides of the first byte. So a fault proves something
/// only while the content is untouched; the kinds that speak of a response prove nothing even then.
/// </para>
/// <para>
/// Over HTTP/1.1 <see cref="SocketsHttpHandler"/> repeats a request by itself on a stale pooled connection only until it begins
/// to send the content. No handler that repeats requests may be put into a provider's client.
/// </para>
/// </remarks>
internal sealed class ProviderHttp(HttpClient client, TimeProvider clock)
{
    /// <summary>How much of a response is read; every documented answer of a provider is far smaller.</summary>
    public const int BodyLimit = 64 * 1024;

    /// <summary>
    /// Posts the body to an address, absolute or relative to the client's base address, unless the lease is over when its first byte is to
    /// be written.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled before the content was begun; afterwards the answer is
    /// <see cref="ProviderAnswer.Lost"/>.</exception>
    public Task<ProviderAnswer> PostAsync(
        Uri address, AuthenticationHeaderValue? authorization, string mediaType, ReadOnlyMemory<byte> body, Lease? lease,
        CancellationToken cancellationToken) =>
        PostAsync(address, authorization, [], mediaType, body, lease, cancellationToken);

    /// <inheritdoc cref="PostAsync(Uri, AuthenticationHeaderValue?, string, ReadOnlyMemory{byte}, Lease?, CancellationToken)"/>
    public async Task<ProviderAnswer> PostAsync(
        Uri address, AuthenticationHeaderValue? authorization, IEnumerable<KeyValuePair<string, string>> headers, string mediaType,
        ReadOnlyMemory<byte> body,
        Lease? lease, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var content = new WriteTrackingContent(body, mediaType, lease);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        request.Headers.Authorization = authorization;
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var bytes = await ReadAsync(response.Content, cancellationToken);
            return new ProviderAnswer.Received((int)response.StatusCode, response.Headers, bytes, RetryAfter(response.Headers));
        }
        catch (OperationCanceledException) when (!content.Begun && cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception fault) when (fault is WriteTrackingContent.LeaseOverException
            or { InnerException: WriteTrackingContent.LeaseOverException })
        {
            return new ProviderAnswer.TooLate();
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
        {
            return content.Begun || SpeaksOfResponse(fault)
                ? new ProviderAnswer.Lost(cancellationToken.IsCancellationRequested ? "timeout" : "connection-lost")
                : new ProviderAnswer.NotSent(Kind(fault));
        }
    }

    /// <summary>The wait that a response's <c>Retry-After</c> asks for, in seconds or until a date; never negative.</summary>
    private TimeSpan? RetryAfter(HttpResponseHeaders headers)
    {
        var wait = headers.RetryAfter?.Delta ?? headers.RetryAfter?.Date - clock.GetUtcNow();
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    /// <summary>A body that breaks off, is too large or comes too late does not undo the status: the provider has decided.</summary>
    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        try
        {
            await content.LoadIntoBufferAsync(BodyLimit, cancellationToken);
            return await content.ReadAsByteArrayAsync(cancellationToken);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
        {
            return ReadOnlyMemory<byte>.Empty;
        }
    }

    private static bool SpeaksOfResponse(Exception fault) => fault is HttpIOException or HttpRequestException
    {
        HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse
            or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.HttpProtocolError,
    };

    private static string Kind(Exception fault) => fault switch
    {
        OperationCanceledException => "connect-timeout",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "name-not-resolved",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "tls-failed",
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } => "proxy-failed",
        _ => "connect-failed",
    };
}
