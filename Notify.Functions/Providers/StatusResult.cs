using System.Globalization;
using Notify.Functions.Sending;

namespace Notify.Functions.Providers;

/// <summary>What an answer means where the provider's own code in the body does not say it.</summary>
internal static class StatusResult
{
    /// <summary>The result of an HTTP status other than 2xx.</summary>
    /// <remarks>
    /// 408, 500 and 503 are the provider's own word that it did not do the work, and each provider documents them as worth another try.
    /// The other 5xx come from a gateway between (502, 504, a CDN's 52x): it lost the answer of a provider that may have accepted. A
    /// redirect is not followed, and is a wrong base address.
    /// </remarks>
    public static SendResult Of(int status, string reason, TimeSpan? retryAfter) => status switch
    {
        429 => new SendResult.RateLimited(reason, retryAfter),
        408 or 500 or 503 => new SendResult.Unavailable(reason, retryAfter),
        >= 500 => new SendResult.Unknown(reason),
        _ => new SendResult.Rejected(reason),
    };

    /// <summary>The result of a request that got no answer.</summary>
    public static SendResult OfNoAnswer(ProviderAnswer answer, string provider) => answer switch
    {
        ProviderAnswer.NotSent fault => new SendResult.Unavailable($"{provider}:{fault.Reason}"),
        ProviderAnswer.Lost fault => new SendResult.Unknown($"{provider}:{fault.Reason}"),
        _ => throw new ArgumentException("This request was answered.", nameof(answer)),
    };

    /// <summary>A reason for an answer that carries no code of the provider: <c>fcm:http-502</c>.</summary>
    public static string Reason(string provider, int status) => string.Create(CultureInfo.InvariantCulture, $"{provider}:http-{status}");
}
