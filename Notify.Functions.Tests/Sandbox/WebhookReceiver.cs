using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Sandbox;

/// <summary>Stands where the service's webhooks stand, and keeps every call as it came over the wire.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedCall> _calls = new();

    private WebhookReceiver(WebApplication app) => _app = app;

    public string BaseUrl => _app.Urls.First();

    public IReadOnlyList<ReceivedCall> Calls => [.. _calls];

    /// <summary>The status for the call of this number (from 1).</summary>
    public Func<int, int> Answer { get; set; } = _ => StatusCodes.Status200OK;

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var receiver = new WebhookReceiver(builder.Build());
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Waits until so many calls have come.</summary>
    public async Task<IReadOnlyList<ReceivedCall>> CallsAsync(int count)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (_calls.Count < count)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, patience.Token);
        }
        return Calls;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, CancellationToken.None);
        var headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        _calls.Enqueue(new ReceivedCall(context.Features.Get<IHttpRequestFeature>()!.RawTarget, headers, body.ToArray()));
        context.Response.StatusCode = Answer(_calls.Count);
    }
}

/// <summary>One call.</summary>
/// <param name="Target">Path and query exactly as in the request line.</param>
internal sealed record ReceivedCall(string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body);
