using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Notify.Functions.Infrastructure.Configuration;

namespace Notify.Functions.Host;

internal static class Program
{
    private const int CannotStart = 1;

    private static async Task<int> Main(string[] args)
    {
        var builder = FunctionsApplication.CreateBuilder(args);
        builder.ConfigureFunctionsWebApplication();
        builder.UseMiddleware<QueryParametersMiddleware>();
        // Every function has a limit of its own, and answers 413 itself; the server's would be met first, as a failure.
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.AddNotify().AddBackends().RefuseDevelopmentKey();
        using var app = builder.Build();
        if (SettingFaults.Find(app.Services) is { Count: > 0 } faults)
        {
            await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, faults));
            return CannotStart;
        }
        await app.RunAsync();
        return 0;
    }
}
