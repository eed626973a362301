using Microsoft.Extensions.Logging;
using Notify.LocalHost.Runtime.Catalog;
using Notify.LocalHost.Runtime.Invocation;

namespace Notify.LocalHost.Runtime.Kafka;

/// <summary>Executes one batch until it may be committed, by the Kafka extension's rules for failures.</summary>
internal sealed partial class BatchExecutor(
    AppFunction function, IFunctionInvoker invoker, KafkaTriggerOptions options, TimeProvider clock, ILogger logger)
{
    /// <summary>The real trigger executes a failed batch again without any pause; a console that floods is of no use to anybody.</summary>
    private static readonly TimeSpan PauseBetweenExecutions = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Runs the batch; <see langword="true"/> once it may be committed, <see langword="false"/> where the host stops before. A batch that
    /// the rules skip is said so, with its positions.
    /// </summary>
    public async Task<bool> ExecuteAsync(IReadOnlyList<TopicRecord> batch, Drain drain)
    {
        for (var execution = 0; ; execution++)
        {
            switch (await ExecuteOnceAsync(batch, drain))
            {
                case Outcome.Done:
                    return true;
                case Outcome.Stopped:
                    return false;
                case Outcome.Failed when options.CommitOnFailure || (options.MaxRetries >= 0 && execution >= options.MaxRetries):
                    Skipped(function.Name, batch.Count, Positions(batch));
                    return true;
                default:
                    if (!await Wait.ForAsync(PauseBetweenExecutions, clock, drain.Stopping))
                    {
                        return false;
                    }
                    break;
            }
        }
    }

    /// <summary>One execution, with the repeats of the function's retry attribute inside.</summary>
    private async Task<Outcome> ExecuteOnceAsync(IReadOnlyList<TopicRecord> batch, Drain drain)
    {
        for (var retry = 1; ; retry++)
        {
            try
            {
                await invoker.InvokeAsync(function, KafkaRecords.From(batch), drain.Abandoned);
                return Outcome.Done;
            }
            catch (Exception) when (drain.Abandoned.IsCancellationRequested)
            {
                return Outcome.Stopped;
            }
            catch (Exception fault)
            {
                if (function.Retry?.DelayBefore(retry) is not { } delay)
                {
                    Failed(function.Name, batch.Count, retry, fault);
                    return Outcome.Failed;
                }
                FailedAndRetries(function.Name, batch.Count, retry, delay, fault);
                if (!await Wait.ForAsync(delay, clock, drain.Stopping))
                {
                    return Outcome.Stopped;
                }
            }
        }
    }

    private static string Positions(IReadOnlyList<TopicRecord> batch) => string.Join(", ", batch
        .GroupBy(r => r.Partition)
        .Select(p => FormattableString.Invariant($"{p.First().Topic}/{p.Key}/{p.Min(r => r.Offset)}-{p.Max(r => r.Offset)}")));

    [LoggerMessage(EventId = 8101, Level = LogLevel.Warning,
        Message = "{function} failed on {count} records, try {attempt}; next in {delay}")]
    private partial void FailedAndRetries(string function, int count, int attempt, TimeSpan delay, Exception fault);

    [LoggerMessage(EventId = 8102, Level = LogLevel.Error, Message = "{function} failed on {count} records, try {attempt}")]
    private partial void Failed(string function, int count, int attempt, Exception fault);

    [LoggerMessage(EventId = 8103, Level = LogLevel.Error,
        Message = "{function}: {count} records are skipped by the trigger's rules and will not come again: {positions}")]
    private partial void Skipped(string function, int count, string positions);

    private enum Outcome
    {
        Done,
        Failed,
        Stopped,
    }
}
