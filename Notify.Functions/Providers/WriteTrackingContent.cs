using System.Net;
using System.Net.Http.Headers;
using Notify.Functions.Infrastructure.Resilience;

namespace Notify.Functions.Providers;

/// <summary>
/// A request's content that remembers whether it was handed to a connection. While <see cref="Begun"/> is <see langword="false"/> the
/// provider has, at the very most, the headers of a request whose content is missing, and cannot have accepted a message.
/// </summary>
internal sealed class WriteTrackingContent : HttpContent
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly Lease? _lease;
    private volatile bool _begun;

    /// <summary>Content of these bytes, which must not be empty.</summary>
    /// <param name="bytes">The content.</param>
    /// <param name="mediaType">Its type.</param>
    /// <param name="lease">After this the content is not written any more.</param>
    public WriteTrackingContent(ReadOnlyMemory<byte> bytes, string mediaType, Lease? lease = null)
    {
        if (bytes.IsEmpty)
        {
            throw new ArgumentException("A request without content has no witness.", nameof(bytes));
        }
        (_bytes, _lease) = (bytes, lease);
        Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
    }

    /// <summary>Whether writing the content to a connection was begun; set before the first byte, and never taken back.</summary>
    public bool Begun => _begun;

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // The last look: from here to the socket there is nothing more to wait for.
        if (_lease is { IsOver: true })
        {
            throw new LeaseOverException();
        }
        _begun = true;
        await stream.WriteAsync(_bytes, cancellationToken);
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = _bytes.Length;
        return true;
    }

    /// <summary>The lease was over before the content was begun.</summary>
    internal sealed class LeaseOverException : Exception;
}
