using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Functions.Recipients.Unsubscribe;
using Polly;
using Polly.Retry;

namespace Notify.Functions.Channels.Sending;

/// <summary>
/// Calls a provider for a claimed chunk, within the chunk's time limit: three quick tries where the provider has provably not
/// accepted, nothing more.
/// </summary>
public sealed partial class ProviderCall(UnsubscribeLinks links, IOptions<SendingOptions> options, TimeProvider time, ILogger<ProviderCall> logger)
{
    /// <summary>A provider that asks for a longer pause gets it from the queue, not from a waiting function.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private const int RequestsAtOnce = 8;

    private readonly ResiliencePipeline<IReadOnlyList<SendResult>> _quickly = new ResiliencePipelineBuilder<IReadOnlyList<SendResult>> { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions<IReadOnlyList<SendResult>>
        {
            // 2^attempt × 100 ms.
            MaxRetryAttempts = 2,
            Delay = TimeSpan.FromMilliseconds(200),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result is { } results && results.All(IsWorthAnotherTry)),
            DelayGenerator = arguments => ValueTask.FromResult(arguments.Outcome.Result?.Max(RetryAfter)),
        })
        .Build();

    /// <summary>Sends everything and returns an outcome for each delivery. Never throws for what a provider does.</summary>
    public async Task<IReadOnlyList<SendOutcome>> SendAsync(IProviderSender sender, IReadOnlyList<SendWork> chunk)
    {
        using var deadline = new CancellationTokenSource(options.Value.ChunkLimit, time);
        using var places = new SemaphoreSlim(RequestsAtOnce);
        var requests = chunk.GroupBy(work => work.Content!, (IEqualityComparer<MessageContent>)ReferenceEqualityComparer.Instance).SelectMany(same => same.Chunk(sender.MaxTargets));
        var outcomes = await Task.WhenAll(requests.Select(request => SendOneAsync(sender, request, places, deadline.Token))).ConfigureAwait(false);
        return [.. outcomes.SelectMany(some => some)];
    }

    private async Task<IReadOnlyList<SendOutcome>> SendOneAsync(
        IProviderSender sender, IReadOnlyList<SendWork> work, SemaphoreSlim places, CancellationToken deadline)
    {
        var notification = work[0].Event;
        var request = new SendRequest(
            work[0].Content!,
            [.. work.Select(one => new SendTarget(one.Attempt.ToString(), one.Delivery.Recipient, one.Delivery.Addresses)
            {
                UnsubscribeUrl = links.For(notification.Type, notification.Category, sender.Channel, notification.Tenant, one.Delivery.Recipient),
            })])
        {
            Type = notification.Type,
            Priority = notification.Priority,
            Category = notification.Category,
            ExpiresAt = notification.ExpiresAt,
        };
        IReadOnlyList<SendResult> last = [];
        try
        {
            await places.WaitAsync(deadline).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return All(work, new SendResult.Unavailable("not_started_in_time"));
        }
        try
        {
            var results = await _quickly.ExecuteAsync(async token => last = await sender.SendAsync(request, token).ConfigureAwait(false), deadline).ConfigureAwait(false);
            return [.. work.Zip(results, (one, result) => new SendOutcome(one, result))];
        }
        catch (OperationCanceledException)
        {
            // Cancelled before anything was written, or in the pause after a refusal.
            return last.Count == work.Count
                ? [.. work.Zip(last, (one, result) => new SendOutcome(one, result))]
                : All(work, new SendResult.Unavailable("time_limit"));
        }
        catch (Exception fault)
        {
            SenderFault(sender.Name, fault);
            return All(work, new SendResult.Unknown("fault:" + fault.GetType().Name));
        }
        finally
        {
            places.Release();
        }
    }

    private static IReadOnlyList<SendOutcome> All(IReadOnlyList<SendWork> work, SendResult result) => [.. work.Select(one => new SendOutcome(one, result))];

    private static bool IsWorthAnotherTry(SendResult result) =>
        result is SendResult.RateLimited or SendResult.Unavailable && !(RetryAfter(result) > LongestPause);

    private static TimeSpan? RetryAfter(SendResult result) => result switch
    {
        SendResult.RateLimited { RetryAfter: var pause } => pause,
        SendResult.Unavailable { RetryAfter: var pause } => pause,
        _ => null,
    };

    [LoggerMessage(EventId = 2001, Level = LogLevel.Error, Message = "The sender of {provider} failed; whether it sent is not known")]
    private partial void SenderFault(string provider, Exception fault);
}
