using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Notify.LocalHost.Runtime.Catalog;
using Notify.LocalHost.Runtime.Invocation;
using Notify.LocalHost.Runtime.Worker.Protocol;
using Yarp.ReverseProxy.Forwarder;

namespace Notify.LocalHost.Runtime.Worker;

/// <summary>Runs functions in the worker process, by the Functions host's protocol.</summary>
internal sealed class WorkerInvoker(WorkerHost worker, IHttpForwarder forwarder) : IFunctionInvoker, IDisposable
{
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });

    /// <inheritdoc/>
    public async Task InvokeAsync(AppFunction function, object value, CancellationToken cancellationToken)
    {
        var connection = await worker.ReadyAsync(cancellationToken);
        await connection.InvokeAsync(Request(connection, function, TriggerData.Of(value)), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IResult> InvokeAsync(AppFunction function, HttpContext context, CancellationToken cancellationToken) =>
        Task.FromResult<IResult>(new Forwarded(this, function, cancellationToken));

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task ForwardAsync(AppFunction function, HttpContext context, CancellationToken cancellationToken)
    {
        var connection = await worker.ReadyAsync(cancellationToken);
        var request = Request(connection, function, new TypedData { Http = new RpcHttp() });
        foreach (var (name, value) in context.Request.RouteValues)
        {
            request.TriggerMetadata[name] = new TypedData { String = value?.ToString() ?? "" };
        }
        // The request goes ahead: the worker waits for it only shortly once it has been told to run the function.
        var forwarding = forwarder.SendAsync(
            context, connection.HttpAddress!.AbsoluteUri, _http, ForwarderRequestConfig.Empty, new Named(request.InvocationId), cancellationToken).AsTask();
        await Task.WhenAll(connection.InvokeAsync(request, cancellationToken), forwarding);
    }

    private static InvocationRequest Request(WorkerConnection connection, AppFunction function, TypedData data) => new()
    {
        InvocationId = Guid.NewGuid().ToString(),
        FunctionId = connection.Functions.TryGetValue(function.Name, out var known)
            ? known.FunctionId
            : throw new WorkerFailedException($"The worker has no function {function.Name}."),
        TraceContext = new RpcTraceContext { TraceParent = Activity.Current?.Id ?? "", TraceState = Activity.Current?.TraceStateString ?? "" },
        InputData = { new ParameterBinding { Name = function.Parameters.Single(one => one.Source == ParameterSource.Trigger).Name, Data = data } },
    };

    /// <summary>The answer is the worker's own.</summary>
    private sealed class Forwarded(WorkerInvoker invoker, AppFunction function, CancellationToken cancellationToken) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => invoker.ForwardAsync(function, httpContext, cancellationToken);
    }

    /// <summary>Says which invocation a request belongs to.</summary>
    private sealed class Named(string invocation) : HttpTransformer
    {
        public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            proxyRequest.Headers.Add("x-ms-invocation-id", invocation);
        }
    }
}
