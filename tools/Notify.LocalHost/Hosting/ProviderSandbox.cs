using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Notify.LocalHost.Hosting;

/// <summary>
/// The one place where the provider sandbox comes in: its settings, its services, its paths. This one is none: the providers of the
/// settings are used.
/// </summary>
internal class ProviderSandbox : IAsyncDisposable
{
    /// <summary>What the banner says of it.</summary>
    public virtual string Description => "none: the providers of the settings, for real";

    /// <summary>The settings that point every provider at the sandbox; they win over the user's, so that no demo sends for real.</summary>
    public virtual IEnumerable<KeyValuePair<string, string?>> Settings => [];

    /// <summary>Adds its services.</summary>
    public virtual void Add(IServiceCollection services)
    {
    }

    /// <summary>Puts it on its paths.</summary>
    public virtual void Map(IEndpointRouteBuilder endpoints)
    {
    }

    /// <summary>How many of its reports are still to come.</summary>
    public virtual Task<long> PendingReportsAsync(IServiceProvider services, CancellationToken cancellationToken) => Task.FromResult(0L);

    /// <summary>Ends what it has started.</summary>
    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
