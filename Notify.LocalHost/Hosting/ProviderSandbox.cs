using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Notify.LocalHost.Sandbox;
using Notify.LocalHost.Sandbox.Reports;

namespace Notify.LocalHost.Hosting;

/// <summary>The one place where the provider sandbox comes in: its settings, its services, its paths. Without options there is none.</summary>
internal sealed class ProviderSandbox(SandboxOptions? options)
{
    /// <summary>The settings that point every provider at the sandbox; they win over the user's, so that no demo sends for real.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings(Uri baseAddress) => options is null
        ? []
        : SandboxSettings.For(baseAddress.AbsoluteUri).Select(s => KeyValuePair.Create(s.Key, (string?)s.Value));

    /// <summary>Adds its services.</summary>
    public void Add(IServiceCollection services)
    {
        if (options is not null)
        {
            services.AddSandbox(options);
        }
    }

    /// <summary>Puts it on its paths.</summary>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        if (options is not null)
        {
            endpoints.MapSandbox();
        }
    }

    /// <summary>How many reports of the sandbox in this process are still to come; none where there is no sandbox in it.</summary>
    public static long PendingReports(IServiceProvider services) => services.GetService<ReportCounts>()?.Pending ?? 0;
}
