using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Notify.Functions.Hosting;

namespace Notify.Functions;

internal static class Program
{
    private static async Task Main(string[] args)
    {
        var builder = FunctionsApplication.CreateBuilder(args);
        builder.ConfigureFunctionsWebApplication();
        builder.AddNotify().AddBackends();
        await builder.Build().RunAsync().ConfigureAwait(false);
    }
}
