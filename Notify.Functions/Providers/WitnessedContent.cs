using System.Net;
using System.Net.Http.Headers;

namespace Notify.Functions.Providers;

/// <summary>
/// A request's content that remembers whether it was handed to a connection. While <see cref="Begun"/> is <see langword="false"/> the
/// provider has, at the very most, the headers of a request whose content is missing, and cannot have accepted a message.
/// </summary>
internal sealed class WitnessedContent : HttpContent
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private volatile bool _begun;

    /// <summary>Content of these bytes, which must not be empty.</summary>
    public WitnessedContent(ReadOnlyMemory<byte> bytes, string mediaType)
    {
        if (bytes.IsEmpty)
        {
            throw new ArgumentException("A request without content has no witness.", nameof(bytes));
        }
        _bytes = bytes;
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
        _begun = true;
        await stream.WriteAsync(_bytes, cancellationToken);
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = _bytes.Length;
        return true;
    }
}
