using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Notify.Functions.Tests.Providers.Harness;

/// <summary>
/// A provider as the senders see it: a real HTTP server on this machine that keeps what it got and answers as it is told.
/// </summary>
internal sealed class ProviderServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ProviderServer(WebApplication app)
    {
        _app = app;
    }

    /// <summary>Every request, in order of arrival.</summary>
    public ConcurrentQueue<ProviderRequest> Requests { get; } = new();

    /// <summary>What to answer.</summary>
    public Func<ProviderRequest, ProviderReply> Reply { get; set; } = _ => new ProviderReply(200);

    public string Address => _app.Urls.Single();

    public static async Task<ProviderServer> StartAsync(Func<ProviderRequest, ProviderReply>? reply = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = new ProviderServer(builder.Build());
        server.Reply = reply ?? server.Reply;
        server._app.Run(server.HandleAsync);
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var request = new ProviderRequest(
            context.Request.Method,
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray());
        Requests.Enqueue(request);
        var reply = Reply(request);
        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = "application/json";
        foreach (var (name, value) in reply.Headers)
        {
            context.Response.Headers[name] = value;
        }
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(reply.Body), context.RequestAborted);
    }
}

internal sealed record ProviderRequest(string Method, string Target, Dictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

internal sealed record ProviderReply(int Status, string Body = "", params (string Name, string Value)[] Headers);
