using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Notify.Sandbox;
using Notify.Sandbox.Common;
using Notify.Sandbox.Reports;

namespace Notify.LocalHost.Hosting;

/// <summary>The provider sandbox inside this process, on the host's own address.</summary>
internal sealed class InnerSandbox(SandboxOptions options, Uri address) : ProviderSandbox
{
    public override string Description => "sandboxed, in this process";

    public override IEnumerable<KeyValuePair<string, string?>> Settings { get; } =
        [.. SandboxSettings.For(address.AbsoluteUri).Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))];

    public override void Add(IServiceCollection services) => services.AddSandbox(options);

    public override void Map(IEndpointRouteBuilder endpoints) => endpoints.MapSandbox();

    public override Task<long> PendingReportsAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        Task.FromResult(services.GetRequiredService<ReportCounts>().Pending);
}
