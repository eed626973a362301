using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Notify.Sandbox.Faults;
using Notify.Sandbox.Statistics;

namespace Notify.Sandbox.Gate;

/// <summary>
/// What stands before every provider's endpoint: it reads the whole request (so that a caller has always written it), counts, and does what
/// a fault asks for.
/// </summary>
internal sealed class ProviderGate(
    FaultList faults, SandboxStatistics statistics, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    /// <summary>The endpoint of a dialect.</summary>
    public RequestDelegate For(IProviderDialect dialect) => async context =>
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await HandleAsync(context, dialect, stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            context.Abort();
        }
        catch (IOException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; there is nobody to answer.
        }
    };

    private async Task HandleAsync(HttpContext context, IProviderDialect dialect, CancellationToken cancellationToken)
    {
        statistics.Requested(dialect.Name);
        var body = await ReadAsync(context, dialect.MaxBodyBytes, cancellationToken);
        var verdict = faults.Decide(dialect.Name);
        await WaitAsync(dialect, verdict.Delay, cancellationToken);

        var fault = verdict.Fault;
        switch (fault?.Mode)
        {
            case FaultMode.Reset:
                statistics.Refused(dialect.Name, fault.Mode);
                context.Abort();
                return;
            case FaultMode.Timeout:
                statistics.Refused(dialect.Name, fault.Mode);
                await HoldAsync(context, fault, cancellationToken);
                return;
            case FaultMode.Error or FaultMode.RateLimit or FaultMode.Reject:
                statistics.Refused(dialect.Name, fault.Mode);
                await Injected(dialect, fault).WriteAsync(context.Response, cancellationToken);
                return;
        }

        if (body is null)
        {
            statistics.Refused(dialect.Name, StatusCodes.Status413PayloadTooLarge);
            await dialect.TooLarge().WriteAsync(context.Response, cancellationToken);
            return;
        }
        var request = new ProviderRequest(context, body.Value) { Bounces = fault?.Mode == FaultMode.Bounce };
        var answer = dialect.Answer(request);
        if (request.Accepted && fault?.Mode == FaultMode.AcceptThenTimeout)
        {
            await HoldAsync(context, fault, cancellationToken);
            return;
        }
        if (answer.Status >= StatusCodes.Status400BadRequest)
        {
            statistics.Refused(dialect.Name, answer.Status);
        }
        await answer.WriteAsync(context.Response, cancellationToken);
    }

    private static ProviderAnswer Injected(IProviderDialect dialect, Fault fault) => fault.Mode switch
    {
        FaultMode.RateLimit => dialect.RateLimited(fault.Delay),
        FaultMode.Reject => dialect.Rejected(fault.Status),
        _ => dialect.Error(fault.Status ?? StatusCodes.Status503ServiceUnavailable),
    };

    /// <summary>Whoever does not wait has sent nothing: what a slow provider has not read yet is not kept.</summary>
    private async Task WaitAsync(IProviderDialect dialect, TimeSpan delay, CancellationToken cancellationToken)
    {
        if (delay <= TimeSpan.Zero)
        {
            return;
        }
        try
        {
            await Task.Delay(delay, clock, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            statistics.Refused(dialect.Name, FaultMode.Slow);
            throw;
        }
    }

    /// <summary>Says nothing until the caller gives up, or the fault's own time is over; then the connection breaks.</summary>
    private async Task HoldAsync(HttpContext context, Fault fault, CancellationToken cancellationToken)
    {
        await Task.Delay(fault.Delay > TimeSpan.Zero ? fault.Delay : Timeout.InfiniteTimeSpan, clock, cancellationToken);
        context.Abort();
    }

    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContext context, int limit, CancellationToken cancellationToken)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } kestrel)
        {
            kestrel.MaxRequestBodySize = null;
        }
        var reader = context.Request.BodyReader;
        var tooLarge = false;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            tooLarge |= read.Buffer.Length > limit;
            if (read.IsCompleted)
            {
                ReadOnlyMemory<byte>? body = tooLarge ? default(ReadOnlyMemory<byte>?) : read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }
            // Too much: the rest is read and forgotten, so that the caller can finish writing and read the answer.
            reader.AdvanceTo(tooLarge ? read.Buffer.End : read.Buffer.Start, read.Buffer.End);
        }
    }
}
