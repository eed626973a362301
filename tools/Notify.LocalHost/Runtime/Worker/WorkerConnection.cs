using System.Collections.Concurrent;
using System.Threading.Channels;
using Grpc.Core;
using Notify.LocalHost.Runtime.Worker.Protocol;

namespace Notify.LocalHost.Runtime.Worker;

/// <summary>The stream of messages between this host and one worker process, from its first message to its end.</summary>
internal sealed class WorkerConnection(string appFolder, Action<RpcLog> log)
{
    private const string HttpCapability = "HttpUri";
    private readonly Channel<StreamingMessage> _outgoing = Channel.CreateUnbounded<StreamingMessage>();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StatusResult>> _waiting = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the worker has, by name.</summary>
    public IReadOnlyDictionary<string, RpcFunctionMetadata> Functions { get; private set; } =
        new Dictionary<string, RpcFunctionMetadata>(StringComparer.Ordinal);

    /// <summary>Where the worker takes HTTP requests.</summary>
    public Uri? HttpAddress { get; private set; }

    /// <summary>Completes when the stream has ended.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Speaks with the worker until it goes; <paramref name="ready"/> is called when its functions are loaded.</summary>
    public async Task RunAsync(
        IAsyncStreamReader<StreamingMessage> incoming, IServerStreamWriter<StreamingMessage> outgoing, Action ready,
        CancellationToken cancellationToken)
    {
        var writing = WriteAsync(outgoing, cancellationToken);
        try
        {
            Send(InitRequest());
            var loading = 0;
            await foreach (var message in incoming.ReadAllAsync(cancellationToken))
            {
                switch (message.ContentCase)
                {
                    case StreamingMessage.ContentOneofCase.WorkerInitResponse:
                        Check(message.WorkerInitResponse.Result, "The worker did not start");
                        HttpAddress = message.WorkerInitResponse.Capabilities.TryGetValue(HttpCapability, out var address)
                            ? new Uri(address)
                            : null;
                        Send(new StreamingMessage
                        {
                            FunctionsMetadataRequest = new FunctionsMetadataRequest { FunctionAppDirectory = appFolder },
                        });
                        break;
                    case StreamingMessage.ContentOneofCase.FunctionMetadataResponse:
                        Check(message.FunctionMetadataResponse.Result, "The worker did not list its functions");
                        loading = Load(message.FunctionMetadataResponse.FunctionMetadataResults);
                        break;
                    case StreamingMessage.ContentOneofCase.FunctionLoadResponse:
                        Check(message.FunctionLoadResponse.Result, "The worker did not load a function");
                        if (--loading == 0)
                        {
                            ready();
                        }
                        break;
                    case StreamingMessage.ContentOneofCase.InvocationResponse:
                        if (_waiting.TryRemove(message.InvocationResponse.InvocationId, out var waiting))
                        {
                            waiting.TrySetResult(message.InvocationResponse.Result);
                        }
                        break;
                    case StreamingMessage.ContentOneofCase.RpcLog:
                        log(message.RpcLog);
                        break;
                    default:
                        // The rest is not for us.
                        break;
                }
            }
        }
        finally
        {
            _outgoing.Writer.TryComplete();
            _ended.TrySetResult();
            foreach (var waiting in _waiting.Values)
            {
                waiting.TrySetException(new WorkerFailedException("The worker process has ended."));
            }
            await writing;
        }
    }

    private StreamingMessage InitRequest() => new()
    {
        WorkerInitRequest = new WorkerInitRequest
        {
            HostVersion = "4.1037.0",
            WorkerDirectory = appFolder,
            FunctionAppDirectory = appFolder,
        },
    };

    /// <summary>Asks the worker to load its functions, and returns how many there are.</summary>
    private int Load(IEnumerable<RpcFunctionMetadata> functions)
    {
        Functions = functions.ToDictionary(one => one.Name, StringComparer.Ordinal);
        foreach (var one in Functions.Values)
        {
            Send(new StreamingMessage { FunctionLoadRequest = new FunctionLoadRequest { FunctionId = one.FunctionId, Metadata = one } });
        }
        return Functions.Count;
    }

    /// <summary>Runs a function and waits for what became of it.</summary>
    /// <exception cref="WorkerFailedException">It failed, or the worker ended.</exception>
    public async Task InvokeAsync(InvocationRequest request, CancellationToken cancellationToken)
    {
        var waiting = new TaskCompletionSource<StatusResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[request.InvocationId] = waiting;
        Send(new StreamingMessage { InvocationRequest = request });
        if (_ended.Task.IsCompleted)
        {
            waiting.TrySetException(new WorkerFailedException("The worker process has ended."));
        }
        await using var cancelling = cancellationToken.Register(() =>
            Send(new StreamingMessage { InvocationCancel = new InvocationCancel { InvocationId = request.InvocationId } }));
        Check(await waiting.Task, "The function failed");
    }

    /// <summary>Asks the worker to end.</summary>
    public void Terminate() => Send(new StreamingMessage { WorkerTerminate = new WorkerTerminate() });

    private void Send(StreamingMessage message)
    {
        message.RequestId = Guid.NewGuid().ToString();
        _outgoing.Writer.TryWrite(message);
    }

    private async Task WriteAsync(IServerStreamWriter<StreamingMessage> outgoing, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var message in _outgoing.Reader.ReadAllAsync(cancellationToken))
            {
                await outgoing.WriteAsync(message, cancellationToken);
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or InvalidOperationException or IOException)
        {
            // The worker is gone; whoever reads finds out.
        }
    }

    private static void Check(StatusResult? result, string what)
    {
        if (result is { Status: not StatusResult.Types.Status.Success })
        {
            throw new WorkerFailedException(
                $"{what}: {result.Exception?.Type} {result.Exception?.Message}{result.Result}"
                + $"{Environment.NewLine}{result.Exception?.StackTrace}")
            {
                IsTimeOut = result.Exception is { Message: { } text } && text.Contains("Timed out waiting", StringComparison.Ordinal),
            };
        }
    }
}

/// <summary>A function failed in the worker process, or the process did.</summary>
internal sealed class WorkerFailedException(string message) : Exception(message)
{
    /// <summary>Whether the worker waited in vain for the other half of an HTTP request, and the function did not run.</summary>
    public bool IsTimeOut { get; init; }
}
