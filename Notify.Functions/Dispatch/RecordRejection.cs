using Microsoft.Extensions.Logging;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Telemetry;

namespace Notify.Functions.Dispatch;

/// <summary>Sets records aside whose own fault it is that they cannot be dispatched.</summary>
public sealed partial class RecordRejection(RejectedRecords rejected, NotifyMetrics metrics, ILogger<RecordRejection> logger)
{
    /// <summary>Keeps the record with its faults. Safe to repeat.</summary>
    public Task KeepAsync(IncomingRecord record, IReadOnlyList<EventFault> faults, CancellationToken cancellationToken)
    {
        metrics.Rejected(faults[0].Code);
        Kept(record.Source.ToString(), faults[0].Field, faults[0].Code, faults.Count);
        return rejected.SetAsideAsync(record.Source, record.Timestamp, record.Value, record.Headers, faults, cancellationToken);
    }

    [LoggerMessage(EventId = 1111, Level = LogLevel.Warning,
        Message = "Record {position} set aside: {field} is {code} ({faults} faults in all)")]
    private partial void Kept(string position, string field, string code, int faults);
}
