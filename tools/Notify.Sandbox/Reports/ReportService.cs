using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Notify.Sandbox.Common;

namespace Notify.Sandbox.Reports;

/// <summary>Makes the reports in the background, by a fixed number of workers.</summary>
/// <remarks>
/// At shutdown what is pending is made at once, while the host still serves: the webhooks may be its own. That is the stage before services
/// stop, hence <see cref="IHostedLifecycleService"/>.
/// </remarks>
internal sealed class ReportService(
    ReportSchedule schedule, ReportCaller caller, ReportCounts counts, SandboxOptions options, TimeProvider clock,
    ILogger<ReportService> logger)
    : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly Channel<ReportCall> _calls = Channel.CreateUnbounded<ReportCall>();

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        schedule.Hurry();
        caller.Hurry();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        over.CancelAfter(options.DrainTime);
        try
        {
            while (counts.Pending > 0)
            {
                await Task.Delay(Poll, clock, over.Token);
            }
        }
        catch (OperationCanceledException)
        {
            SandboxLog.StoppedWithPending(logger, counts.Pending);
        }
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Task[] work =
        [
            ForwardDueAsync(stoppingToken),
            ForwardRetriesAsync(stoppingToken),
            .. Enumerable.Range(0, options.CallbackWorkers).Select(_ => WorkAsync(stoppingToken)),
        ];
        try
        {
            await Task.WhenAll(work);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end, also where the host ends before it has wholly started, which it would take for a failure.
        }
    }

    private async Task ForwardDueAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            foreach (var call in caller.Batch(await schedule.TakeAsync(cancellationToken)))
            {
                await _calls.Writer.WriteAsync(call, cancellationToken);
            }
        }
    }

    private async Task ForwardRetriesAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            foreach (var call in await caller.TakeRetriesAsync(cancellationToken))
            {
                await _calls.Writer.WriteAsync(call, cancellationToken);
            }
        }
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        await foreach (var call in _calls.Reader.ReadAllAsync(cancellationToken))
        {
            await caller.MakeAsync(call, cancellationToken);
        }
    }
}
