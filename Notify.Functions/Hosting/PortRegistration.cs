using Microsoft.Extensions.DependencyInjection;

namespace Notify.Functions.Hosting;

/// <summary>Asks what stands behind a port.</summary>
internal static class PortRegistration
{
    /// <summary>
    /// Whether this adapter serves the port. To be asked once everything is registered: a local host puts its embedded backends in the
    /// place of the production ones, whose settings then need not be there.
    /// </summary>
    public static bool Uses<TPort, TAdapter>(this IServiceCollection services) =>
        services.LastOrDefault(service => service.ServiceType == typeof(TPort))?.ImplementationType == typeof(TAdapter);
}
