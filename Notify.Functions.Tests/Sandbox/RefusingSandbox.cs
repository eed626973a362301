namespace Notify.Functions.Tests.Sandbox;

/// <summary>One sandbox for tests of which nothing is ever accepted, so that they can share it.</summary>
public sealed class RefusingSandbox : IAsyncLifetime
{
    internal SandboxHost Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await SandboxHost.StartAsync();

    public async Task DisposeAsync() => await Host.DisposeAsync();
}
