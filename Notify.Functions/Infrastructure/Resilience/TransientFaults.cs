using System.Net.Sockets;
using Azure;
using Azure.Identity;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Notify.Functions.Infrastructure.Resilience;

/// <summary>
/// Tells faults of the infrastructure, which pass and are waited out, from faults of ours or of the input, which repeat for ever.
/// </summary>
internal static partial class TransientFaults
{
    /// <summary>
    /// Whether a fault is the backend's: it is away, slow, or refuses everything. A storage answer of 400 or 413 blames this one
    /// request; any other, a lost permission included, is no reason to set data aside.
    /// </summary>
    public static bool IsFault(Exception fault) => fault switch
    {
        RequestFailedException request => request.Status is not (400 or 413),
        AuthenticationFailedException => true,
        TimeoutException or SocketException or HttpRequestException or IOException => true,
        AggregateException { InnerExceptions: var inner } => inner.Any(IsFault),
        StackExchange.Redis.RedisException => true,
        // A client's own time limit, not our cancellation: the caller's token is looked at before this is asked.
        TaskCanceledException => true,
        _ => fault.InnerException is { } cause && IsFault(cause),
    };

    /// <summary>
    /// Waits faults of the infrastructure out, for as long as it takes: 100 ms doubling to 5 s, with jitter. Ends with any other
    /// exception, or with cancellation.
    /// </summary>
    public static ResiliencePipeline Patient(TimeProvider time, ILogger logger) =>
        new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is { } fault && !arguments.Context.CancellationToken.IsCancellationRequested
                        && IsFault(fault)),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(100),
                MaxDelay = TimeSpan.FromSeconds(5),
                UseJitter = true,
                OnRetry = arguments =>
                {
                    Waiting(logger, arguments.AttemptNumber + 1, arguments.RetryDelay, arguments.Outcome.Exception!.GetType().Name);
                    return default;
                },
            })
            .Build();

    [LoggerMessage(EventId = 9001, Level = LogLevel.Warning,
        Message = "The infrastructure is away ({fault}); try {attempt} failed, next in {delay}")]
    private static partial void Waiting(ILogger logger, int attempt, TimeSpan delay, string fault);
}
