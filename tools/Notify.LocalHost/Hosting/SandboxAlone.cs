using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;
using Notify.LocalHost.Runtime;
using Notify.Sandbox;
using Notify.Sandbox.Common;

namespace Notify.LocalHost.Hosting;

/// <summary>The provider sandbox as all that this process runs.</summary>
internal static class SandboxAlone
{
    /// <summary>Runs until Ctrl-C, SIGTERM or the token asks it to stop.</summary>
    /// <exception cref="StartupException">The port is in use.</exception>
    public static async Task RunAsync(LocalHostOptions options, TextWriter output, CancellationToken cancellationToken = default)
    {
        await using var app = SandboxApp.Build(new SandboxOptions { Port = options.Port, CallbackBase = options.Callback });
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException fault) when (fault.InnerException is AddressInUseException)
        {
            throw new StartupException($"Port {options.Port} is in use; --port PORT takes another, --port 0 any free one.", fault);
        }
        await output.WriteLineAsync($"Sandbox is ready on {app.Urls.First()}");
        await output.FlushAsync(cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
    }
}
