using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Notify.Functions.Tests.LocalHost.Runtime;
using Notify.LocalHost.Hosting;

namespace Notify.Functions.Tests.LocalHost.Hosting;

/// <summary>A whole local host on a free port, in this process, over sample functions instead of the app's.</summary>
internal sealed class SampleHost : IAsyncDisposable
{
    private SampleHost(LocalHostApp app, Probe probe, LogCapture log, StringWriter output)
    {
        (App, Probe, Log, Output) = (app, probe, log, output);
        Http = new HttpClient { BaseAddress = app.BaseAddress };
    }

    public LocalHostApp App { get; }

    public Probe Probe { get; }

    public LogCapture Log { get; }

    public StringWriter Output { get; }

    public HttpClient Http { get; }

    public static Task<SampleHost> StartAsync(params string[] args) => StartAsync(static _ => { }, args);

    public static async Task<SampleHost> StartAsync(Action<LocalHostSetup> configure, params string[] args)
    {
        var probe = new Probe(TimeProvider.System);
        var log = new LogCapture();
        var output = new StringWriter();
        var app = await LocalHostApp.BuildAsync(["--port", "0", .. args], setup =>
        {
            setup.FunctionTypes = [typeof(SampleFunctions)];
            setup.AddApp = builder => builder.Services.AddSingleton(probe);
            setup.Sandbox = null;
            setup.WithDemoRecipients = false;
            setup.ReadsMachineSettings = false;
            setup.HostJsonPath = "none.json";
            setup.Output = output;
            foreach (var (key, value) in SampleRuntime.Settings)
            {
                setup.Settings[key] = value;
            }
            setup.Settings["AzureWebJobs.TickAtStart.Disabled"] = "true";
            setup.Settings["AzureFunctionsJobHost:extensions:kafka:maxBatchSize"] = "1";
            setup.ConfigureServices = services => services.AddSingleton<ILoggerProvider>(log);
            configure(setup);
        });
        var host = new SampleHost(app, probe, log, output);
        await app.StartAsync();
        return host;
    }

    public Task SendAsync(string queue, string message) =>
        App.Services.GetRequiredService<Notify.Functions.Infrastructure.Queues.IQueues>()
            .SendAsync(queue, message, TimeSpan.Zero, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        await Output.DisposeAsync();
    }
}
