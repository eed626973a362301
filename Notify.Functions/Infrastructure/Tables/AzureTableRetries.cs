using Azure.Core;
using Azure.Core.Pipeline;

namespace Notify.Functions.Infrastructure.Tables;

/// <summary>
/// Which requests to the table service the client sends again by itself: reads, and whatever provably never arrived.
/// </summary>
/// <remarks>
/// A write whose answer is lost may have been done. Sent again, an insert that was would come back as a conflict, a deletion as "not
/// found", a conditional merge as "changed": to the caller it would look as if somebody else had been there first, and a sender would stand
/// back from its own claim. So the caller gets the exception, and knows when it tries again that an obstacle may be its own work.
/// </remarks>
internal sealed class AzureTableRetries() : RetryPolicy(
    maxRetries: 3, DelayStrategy.CreateExponentialDelayStrategy(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2)))
{
    protected override bool ShouldRetry(HttpMessage message, Exception? exception) =>
        MayBeRepeated(message.Request.Method, exception) && base.ShouldRetry(message, exception);

    protected override ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        MayBeRepeated(message.Request.Method, exception) ? base.ShouldRetryAsync(message, exception) : new(false);

    internal static bool MayBeRepeated(RequestMethod method, Exception? exception) =>
        method == RequestMethod.Get || (exception is not null && NeverArrived(exception));

    private static bool NeverArrived(Exception exception) => exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } => true,
        { InnerException: { } inner } => NeverArrived(inner),
        _ => false,
    };
}
