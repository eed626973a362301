using Microsoft.AspNetCore.Builder;
using Notify.Functions.Tests.Harness;
using Notify.Sandbox;
using Notify.Sandbox.Common;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>
/// The providers of one test, in this process: nobody kills them, and a process of its own takes a second of a core to start.
/// </summary>
internal sealed class SandboxInProcess : IAsyncDisposable
{
    private readonly WebApplication _app = SandboxApp.Build(new SandboxOptions { Port = 0 });

    private SandboxInProcess()
    {
    }

    public HttpClient Http { get; } = new() { Timeout = Patience.Limit };

    public Uri Address => Http.BaseAddress!;

    public static async Task<SandboxInProcess> StartAsync()
    {
        var sandbox = new SandboxInProcess();
        await sandbox._app.StartAsync();
        sandbox.Http.BaseAddress = new Uri(sandbox._app.Urls.First());
        return sandbox;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
