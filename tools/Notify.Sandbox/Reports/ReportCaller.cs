using System.Globalization;
using Microsoft.Extensions.Logging;
using Notify.Sandbox.Common;

namespace Notify.Sandbox.Reports;

/// <summary>Makes webhook calls and decides what follows from the answer.</summary>
internal sealed class ReportCaller(
    IEnumerable<IReportPost> posts, IHttpClientFactory clients, ReportSchedule schedule, ReportCounts counts, SandboxOptions options,
    TimeProvider clock, ILogger<ReportCaller> logger)
{
    /// <summary>The name of the HTTP client.</summary>
    public const string Client = "sandbox-webhooks";

    private readonly Dictionary<string, IReportPost> _posts = posts.ToDictionary(p => p.Provider);
    private readonly DueQueue<ReportCall> _retries = new(clock);
    private volatile bool _hurried;

    /// <summary>Puts sequences that are due together into as few calls as the provider's batches allow.</summary>
    public IEnumerable<ReportCall> Batch(IReadOnlyList<ReportSequence> due) => due
        .GroupBy(s => s.Provider)
        .SelectMany(g => g.Chunk(_posts[g.Key].MaxReports))
        .Select(chunk => new ReportCall(chunk, clock.GetUtcNow()));

    /// <summary>Waits for failed calls whose time has come again and takes them.</summary>
    public Task<IReadOnlyList<ReportCall>> TakeRetriesAsync(CancellationToken cancellationToken) => _retries.TakeAsync(cancellationToken);

    /// <summary>From now on a call that fails is not made again, because the process ends.</summary>
    public void Hurry()
    {
        _hurried = true;
        _retries.Hurry();
    }

    /// <summary>Makes a call once; its messages go on where it was acknowledged or given up.</summary>
    public async Task MakeAsync(ReportCall call, CancellationToken cancellationToken)
    {
        var failure = await TryAsync(call, cancellationToken);
        if (failure is null)
        {
            counts.Acknowledge(call.Reports.Count);
        }
        else if (!_hurried && NextTry(call) is { } next)
        {
            SandboxLog.CallFailed(logger, call.Provider, call.Reports.Count, call.Tries, failure);
            _retries.Add(call, next);
            return;
        }
        else
        {
            LogGivenUp(call, failure);
            counts.GiveUp(call.Reports.Count);
        }
        foreach (var sequence in call.Sequences.Where(s => s.MoveOn()))
        {
            schedule.Continue(sequence);
        }
    }

    /// <summary>A service that stops beside the sandbox refuses reports, and that is no fault of either.</summary>
    private void LogGivenUp(ReportCall call, string failure)
    {
        if (_hurried)
        {
            SandboxLog.CallLeft(logger, call.Provider, call.Reports.Count, failure);
        }
        else
        {
            SandboxLog.CallGivenUp(logger, call.Provider, call.Reports.Count, call.Tries, failure);
        }
    }

    /// <summary>Why it failed, without an address in it; <see langword="null"/> where it was acknowledged.</summary>
    private async Task<string?> TryAsync(ReportCall call, CancellationToken cancellationToken)
    {
        counts.Called(call.Reports.Count, again: call.Tries++ > 0);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        over.CancelAfter(options.CallbackTimeout);
        try
        {
            using var request = _posts[call.Provider].Write(call);
            if (request is null)
            {
                return "nobody has said where the webhook is";
            }
            using var client = clients.CreateClient(Client);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, over.Token);
            return response.IsSuccessStatusCode ? null : ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        }
        catch (HttpRequestException failure)
        {
            return failure.HttpRequestError.ToString();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "timeout";
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // A callback URL is whatever a caller gave; a worker must survive it.
            return failure.GetType().Name;
        }
    }

    private DateTimeOffset? NextTry(ReportCall call)
    {
        var doubled = options.FirstRetryDelay * Math.Pow(2, Math.Min(call.Tries - 1, 20));
        var next = clock.GetUtcNow() + (doubled < options.LongestRetryDelay ? doubled : options.LongestRetryDelay);
        return next - call.First <= options.RetryFor ? next : null;
    }
}
