using Microsoft.Extensions.Logging;

namespace Notify.LocalHost.Runtime.Queues;

/// <summary>Keeps a message hidden while it is worked on, by starting its lease anew at half time.</summary>
internal sealed partial class LeaseRenewal : IAsyncDisposable
{
    private readonly IQueueSource _source;
    private readonly TimeSpan _duration;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _renewing;
    private QueueLease _lease;

    private LeaseRenewal(IQueueSource source, QueueLease lease, TimeSpan duration, TimeProvider clock, ILogger logger)
    {
        (_source, _lease, _duration, _clock, _logger) = (source, lease, duration, clock, logger);
        _renewing = RenewAsync();
    }

    public static LeaseRenewal Start(IQueueSource source, QueueLease lease, TimeSpan duration, TimeProvider clock, ILogger logger) =>
        new(source, lease, duration, clock, logger);

    /// <summary>Ends the renewals and returns the lease as it is now.</summary>
    public async Task<QueueLease> StopAsync()
    {
        await _stop.CancelAsync();
        await _renewing;
        return _lease;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RenewAsync()
    {
        var wait = _duration / 2;
        while (await Wait.ForAsync(wait, _clock, _stop.Token))
        {
            try
            {
                // Not cancelled half-way: the answer carries the receipt by which the message is deleted.
                if (await _source.RenewAsync(_lease, _duration, CancellationToken.None) is not { } renewed)
                {
                    Lost(_lease.Queue, _lease.MessageId);
                    return;
                }
                _lease = renewed;
                wait = _duration / 2;
            }
            catch (Exception fault)
            {
                wait = _duration / 16;
                NotRenewed(_lease.Queue, _lease.MessageId, wait, fault);
            }
        }
    }

    [LoggerMessage(EventId = 8201, Level = LogLevel.Warning,
        Message = "The lease of message {message} of {queue} is lost; another may work on it too")]
    private partial void Lost(string queue, string message);

    [LoggerMessage(EventId = 8202, Level = LogLevel.Warning,
        Message = "The lease of message {message} of {queue} could not be renewed; next try in {wait}")]
    private partial void NotRenewed(string queue, string message, TimeSpan wait, Exception fault);
}
