using Notify.Functions.Infrastructure.Resilience;

namespace Notify.Functions.Providers.AzureCommunication;

/// <summary>One signed request to the resource.</summary>
internal sealed class AzureCommunicationApi(ProviderHttp http, AzureCommunicationOptions options, TimeProvider clock)
{
    private readonly AzureCommunicationSignature _signature = new(options.AccessKey);

    /// <summary>
    /// The full address of a path of the API. Not by a relative <see cref="Uri"/>: it would take <c>emails:</c> for a scheme.
    /// </summary>
    public Uri Address(string path) => new(options.BaseAddress!.AbsoluteUri.TrimEnd('/') + "/" + path);

    /// <summary>Posts a JSON body, with further headers.</summary>
    public Task<ProviderAnswer> PostAsync(
        Uri address, ReadOnlyMemory<byte> body, IEnumerable<KeyValuePair<string, string>> headers, Lease? lease,
        CancellationToken cancellationToken)
    {
        var (authorization, date, hash) = _signature.Sign(HttpMethod.Post, address, body.Span, clock.GetUtcNow());
        return http.PostAsync(
            address,
            authorization,
            [new(AzureCommunicationSignature.DateHeader, date), new(AzureCommunicationSignature.ContentHashHeader, hash), .. headers],
            "application/json",
            body,
            lease,
            cancellationToken);
    }
}
