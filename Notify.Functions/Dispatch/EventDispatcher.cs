using Microsoft.Extensions.Logging;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Ledger;

namespace Notify.Functions.Dispatch;

/// <summary>
/// Takes records from the topic to decisions and lanes. When it returns, every record is decided or set aside; it returns only then, or
/// when it is cancelled, in which case the broker brings the records again.
/// </summary>
public sealed partial class EventDispatcher(
    DispatchBatchHandler batch, RejectedRecords rejected, TransientFaultRetry retry, ILogger<EventDispatcher> logger)
{
    private const int TriesOfOneRecord = 3;

    /// <summary>Dispatches a batch in the order of the records.</summary>
    public async Task DispatchAsync(IReadOnlyList<IncomingRecord> records, CancellationToken cancellationToken)
    {
        try
        {
            await retry.RunAsync(token => batch.RunAsync(records, token), cancellationToken);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            // Not the infrastructure: one of the records meets a fault of ours. The others must not suffer for it.
            SplitUp(records.Count, fault.GetType().Name);
            foreach (var record in records)
            {
                await DispatchAloneAsync(record, cancellationToken);
            }
        }
    }

    private async Task DispatchAloneAsync(IncomingRecord record, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await retry.RunAsync(token => batch.RunAsync([record], token), cancellationToken);
                return;
            }
            catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
            {
                if (attempt < TriesOfOneRecord)
                {
                    continue;
                }
                SetAside(record.Source.ToString(), attempt, fault);
                var reason = new EventFault("$", "fault", $"Dispatch failed {attempt} times: {fault.GetType().Name}.");
                await retry.RunAsync(
                    token => rejected.SetAsideAsync(record.Source, record.Timestamp, record.Value, record.Headers, [reason], token),
                    cancellationToken);
                return;
            }
        }
    }

    [LoggerMessage(EventId = 1001, Level = LogLevel.Warning, Message = "A batch of {count} records met {fault}; dispatching them singly")]
    private partial void SplitUp(int count, string fault);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Error, Message = "Record {position} set aside after {attempts} attempts")]
    private partial void SetAside(string position, int attempts, Exception fault);
}
