using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Notify.Sandbox.Common;

namespace Notify.Sandbox;

/// <summary>The sandbox alone in a process.</summary>
internal static class SandboxApp
{
    /// <summary>Runs until the process is asked to end, or <paramref name="cancellationToken"/> is cancelled.</summary>
    public static async Task RunAsync(SandboxOptions options, CancellationToken cancellationToken = default)
    {
        await using var app = Build(options);
        await app.StartAsync(cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
    }

    /// <summary>Builds it without starting it; <see cref="SandboxOptions.HostServesWebhooks"/> is set to false.</summary>
    public static WebApplication Build(SandboxOptions options)
    {
        options.HostServesWebhooks = false;
        var builder = WebApplication.CreateSlimBuilder();
        // "localhost" listens on both loopback addresses, but cannot take a free port.
        var host = options.Port == 0 ? "127.0.0.1" : "localhost";
        builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://{host}:{options.Port}"));
        // Below this ASP.NET Core logs queries, and a listing's query may hold an address.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Services.AddSandbox(options);
        var app = builder.Build();
        app.MapSandbox();
        return app;
    }
}
