using System.Net.Http.Headers;

namespace Notify.Functions.Providers;

/// <summary>
/// What became of one HTTP request to a provider. Reasons name the kind of fault, never an address, a payload or a secret.
/// </summary>
internal abstract class ProviderAnswer
{
    private ProviderAnswer()
    {
    }

    /// <summary>Provably not accepted: no byte of the request's content was handed to a connection.</summary>
    public sealed class NotSent(string reason) : ProviderAnswer
    {
        /// <summary>The kind of fault, such as <c>connect-failed</c>.</summary>
        public string Reason { get; } = reason;
    }

    /// <summary>Not sent: the lease was over when the content was to be written.</summary>
    public sealed class TooLate : ProviderAnswer;

    /// <summary>The request, or a part of it, went out and no answer came: the provider may have accepted it.</summary>
    public sealed class Lost(string reason) : ProviderAnswer
    {
        /// <summary><c>timeout</c> or <c>connection-lost</c>.</summary>
        public string Reason { get; } = reason;
    }

    /// <summary>The provider answered.</summary>
    /// <param name="status">The HTTP status, which stands even where the body was lost.</param>
    /// <param name="headers">The response's headers.</param>
    /// <param name="body">The body; empty where it broke off or was larger than <see cref="ProviderHttp.BodyLimit"/>.</param>
    /// <param name="retryAfter">How long the provider asks us to wait, where it says so.</param>
    public sealed class Received(int status, HttpResponseHeaders headers, ReadOnlyMemory<byte> body, TimeSpan? retryAfter) : ProviderAnswer
    {
        /// <inheritdoc cref="Received" path="/param[@name='status']"/>
        public int Status { get; } = status;

        /// <inheritdoc cref="Received" path="/param[@name='body']"/>
        public ReadOnlyMemory<byte> Body { get; } = body;

        /// <inheritdoc cref="Received" path="/param[@name='retryAfter']"/>
        public TimeSpan? RetryAfter { get; } = retryAfter;

        /// <summary>Whether the provider took responsibility for the message.</summary>
        public bool IsSuccess => Status is >= 200 and < 300;

        /// <summary>The first value of a response header, or <see langword="null"/>.</summary>
        public string? Header(string name) => headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
    }
}
