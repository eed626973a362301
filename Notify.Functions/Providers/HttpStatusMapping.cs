using Notify.Functions.Sending;

namespace Notify.Functions.Providers;

/// <summary>What it means that a request got no answer.</summary>
internal static class HttpStatusMapping
{
    /// <summary>The result of a request that got no answer.</summary>
    public static SendResult OfNoAnswer(ProviderAnswer answer, string provider) => answer switch
    {
        ProviderAnswer.NotSent fault => new SendResult.Unavailable($"{provider}:{fault.Reason}"),
        ProviderAnswer.Lost fault => new SendResult.Unknown($"{provider}:{fault.Reason}"),
        ProviderAnswer.TooLate => new SendResult.TooLate(),
        _ => throw new ArgumentException("This request was answered.", nameof(answer)),
    };
}
