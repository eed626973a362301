using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Notify.Functions.Host;
using Notify.Functions.Tests.Host;
using Notify.LocalHost.Runtime.Catalog;
using Notify.LocalHost.Runtime.Worker;
using Yarp.ReverseProxy.Forwarder;

namespace Notify.Functions.Tests.LocalHost.Runtime.Worker;

[Trait("Category", "Slow")]
public sealed class WorkerInvokerTests
{
    /// <summary>A machine may be so busy that the two halves of a request do not meet within the time that the worker has for it.</summary>
    [SkippableFact]
    public async Task A_request_whose_halves_do_not_meet_in_time_is_handed_over_again()
    {
        Skip.If(OperatingSystem.IsWindows(), "The worker is started by a POSIX shell.");
        var settings = CompositionTests.Settings();
        await using var worker = new WorkerHost(settings, NullLoggerFactory.Instance);
        await worker.StartAsync(CancellationToken.None);
        await using var services = new ServiceCollection().AddLogging().AddHttpForwarder().BuildServiceProvider();
        var forwarder = new LateOnce(services.GetRequiredService<IHttpForwarder>());
        using var invoker = new WorkerInvoker(worker, forwarder);
        var context = new DefaultHttpContext
        {
            RequestServices = services,
            Request = { Method = "GET", Scheme = "http", Host = new HostString("localhost"), Path = "/api/health/live" }
        };
        using var body = new MemoryStream();
        context.Response.Body = body;

        var answer = await invoker.InvokeAsync(FunctionCatalog.Read(typeof(NotifyApp).Assembly, settings).Find("HealthLive")!, context,
            CancellationToken.None);
        await answer.ExecuteAsync(context);

        Assert.Equal((StatusCodes.Status200OK, 2), (context.Response.StatusCode, forwarder.Calls));
        Assert.NotEqual(0, body.Length);
    }

    /// <summary>The first request does not reach the worker while it waits.</summary>
    private sealed class LateOnce(IHttpForwarder inner) : IHttpForwarder
    {
        public int Calls { get; private set; }

        public async ValueTask<ForwarderError> SendAsync(
            HttpContext context, string destinationPrefix, HttpMessageInvoker httpClient, ForwarderRequestConfig requestConfig,
            HttpTransformer transformer)
        {
            return await SendAsync(context, destinationPrefix, httpClient, requestConfig, transformer, CancellationToken.None);
        }

        public async ValueTask<ForwarderError> SendAsync(
            HttpContext context, string destinationPrefix, HttpMessageInvoker httpClient, ForwarderRequestConfig requestConfig,
            HttpTransformer transformer, CancellationToken cancellationToken)
        {
            if (++Calls > 1)
            {
                return await inner.SendAsync(context, destinationPrefix, httpClient, requestConfig, transformer, cancellationToken);
            }
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ContinueWith(static _ => { }, TaskScheduler.Default);
            return ForwarderError.RequestCanceled;
        }
    }
}
