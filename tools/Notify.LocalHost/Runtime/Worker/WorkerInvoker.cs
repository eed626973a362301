using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Http;
using Notify.LocalHost.Runtime.Catalog;
using Notify.LocalHost.Runtime.Invocation;
using Notify.LocalHost.Runtime.Worker.Protocol;
using Yarp.ReverseProxy.Forwarder;

namespace Notify.LocalHost.Runtime.Worker;

/// <summary>Runs functions in the worker process, by the Functions host's protocol.</summary>
internal sealed class WorkerInvoker(WorkerHost worker, IHttpForwarder forwarder) : IFunctionInvoker, IDisposable
{
    private const int Tries = 3;
    private readonly HttpMessageInvoker _http =
        new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });

    /// <inheritdoc/>
    public async Task InvokeAsync(AppFunction function, object value, CancellationToken cancellationToken)
    {
        var connection = await worker.ReadyAsync(cancellationToken);
        await connection.InvokeAsync(Request(connection, function, TriggerData.Convert(value)), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IResult> InvokeAsync(AppFunction function, HttpContext context, CancellationToken cancellationToken) =>
        Task.FromResult<IResult>(new Forwarded(this, function, cancellationToken));

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>
    /// Hands a request over in its two halves. The worker waits five seconds for the second and cannot be told to wait longer: where a busy
    /// machine needs more, both are sent again.
    /// </summary>
    private async Task ForwardAsync(AppFunction function, HttpContext context, CancellationToken cancellationToken)
    {
        context.Request.EnableBuffering();
        // First all of it: a client that breaks off, or sends too much, is nothing for the worker.
        await context.Request.Body.CopyToAsync(System.IO.Stream.Null, cancellationToken);
        var tries = 0;
        do
        {
            context.Request.Body.Position = 0;
        }
        while (!await TryForwardAsync(function, context, isLast: ++tries == Tries, cancellationToken));
    }

    private async Task<bool> TryForwardAsync(AppFunction function, HttpContext context, bool isLast, CancellationToken cancellationToken)
    {
        var connection = await worker.ReadyAsync(cancellationToken);
        var request = Request(connection, function, new TypedData { Http = new RpcHttp() });
        foreach (var (name, value) in context.Request.RouteValues)
        {
            request.TriggerMetadata[name] = new TypedData { String = value?.ToString() ?? "" };
        }
        // The request goes ahead, as in the Functions host.
        var half = new Half(request.InvocationId);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var forwarding = forwarder.SendAsync(context, connection.HttpAddress!.AbsoluteUri, _http, ForwarderRequestConfig.Empty, half,
            giveUp.Token).AsTask();
        half.Other = connection.InvokeAsync(request, cancellationToken);
        try
        {
            await half.Other;
            await forwarding;
            return true;
        }
        catch (WorkerFailedException fault) when (fault.IsTimeOut && !context.Response.HasStarted)
        {
            await giveUp.CancelAsync();
            await forwarding;
            context.Response.Clear();
            if (isLast)
            {
                throw;
            }
            return false;
        }
        catch (WorkerFailedException) when (!cancellationToken.IsCancellationRequested)
        {
            // The worker has logged it, and answers such a request itself.
            if (await forwarding == ForwarderError.None)
            {
                return true;
            }
            throw;
        }
    }

    private static InvocationRequest Request(WorkerConnection connection, AppFunction function, TypedData data) => new()
    {
        InvocationId = Guid.NewGuid().ToString(),
        FunctionId = connection.Functions.TryGetValue(function.Name, out var known)
            ? known.FunctionId
            : throw new WorkerFailedException($"The worker has no function {function.Name}."),
        TraceContext = new RpcTraceContext
        {
            TraceParent = Activity.Current?.Id ?? "",
            TraceState = Activity.Current?.TraceStateString
            ?? ""
        },
        InputData = { new ParameterBinding { Name = function.Parameters.Single(one => one.Source == ParameterSource.Trigger).Name,
            Data = data } },
    };

    /// <summary>The answer is the worker's own.</summary>
    private sealed class Forwarded(WorkerInvoker invoker, AppFunction function, CancellationToken cancellationToken) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => invoker.ForwardAsync(function, httpContext, cancellationToken);
    }

    /// <summary>A request that says which invocation it belongs to, and whose answer counts only where the two have met.</summary>
    private sealed class Half(string invocation) : HttpTransformer
    {
        /// <summary>The invocation.</summary>
        public Task Other { get; set; } = Task.CompletedTask;

        public override async ValueTask<bool> TransformResponseAsync(
            HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
        {
            if (proxyResponse is { StatusCode: HttpStatusCode.InternalServerError })
            {
                try
                {
                    await Other;
                }
                catch (WorkerFailedException fault) when (fault.IsTimeOut)
                {
                    return false;
                }
                catch (WorkerFailedException)
                {
                    // The function failed, and this is its answer.
                }
            }
            return await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        }

        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            proxyRequest.Headers.Add("x-ms-invocation-id", invocation);
        }
    }
}
