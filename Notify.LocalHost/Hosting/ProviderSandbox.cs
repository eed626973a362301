using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Notify.LocalHost.Hosting;

/// <summary>The one place where the provider sandbox comes in: its settings, its services, its paths.</summary>
internal static class ProviderSandbox
{
    /// <summary>The settings that point every provider at the sandbox; they win over the user's, so that no demo sends for real.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Settings(Uri baseAddress) => [];

    /// <summary>Adds its services.</summary>
    public static void Add(IServiceCollection services)
    {
    }

    /// <summary>Puts it on its paths.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
    }
}
