using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Notify.LocalHost.Sandbox;
using Notify.LocalHost.Sandbox.Reports;

namespace Notify.LocalHost.Hosting;

/// <summary>The one place where the provider sandbox comes in: its settings, its services, its paths.</summary>
internal static class ProviderSandbox
{
    /// <summary>The settings that point every provider at the sandbox; they win over the user's, so that no demo sends for real.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Settings(Uri baseAddress) =>
        SandboxSettings.For(baseAddress.ToString().TrimEnd('/')).Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value));

    /// <summary>Adds its services.</summary>
    public static void Add(IServiceCollection services) => services.AddSandbox(new SandboxOptions());

    /// <summary>Puts it on its paths.</summary>
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapSandbox();

    /// <summary>How many reports of the sandbox in this process are still to come.</summary>
    public static long PendingReports(IServiceProvider services) => services.GetRequiredService<ReportCounts>().Pending;
}
