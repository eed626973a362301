using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Notify.Functions.Host;
using Notify.LocalHost.InMemory;
using Notify.Sandbox.Common;

namespace Notify.LocalHost.Hosting;

/// <summary>What a host is put together of. The program takes it as it is; a test in the same process puts in its own parts.</summary>
internal sealed class LocalHostSetup
{
    /// <summary>The clock of triggers, embedded backends and the app.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>The embedded backends; the same object in several hosts lets them share them. Made when it is not given.</summary>
    public InMemoryBackends? Embedded { get; set; }

    /// <summary>The types whose methods are looked through for functions.</summary>
    public IReadOnlyList<Type> FunctionTypes { get; set; } = typeof(NotifyApp).Assembly.GetTypes();

    /// <summary>Adds the app's services, with its production backends.</summary>
    public Action<IHostApplicationBuilder> AddApp { get; set; } = static builder => builder.AddNotify();

    /// <summary>How the provider sandbox behaves that providers are pointed at; <see langword="null"/> for none.</summary>
    public SandboxOptions? Sandbox { get; set; } = new();

    /// <summary>For how long the sandbox of <c>--sandbox URL</c> may not listen yet.</summary>
    public TimeSpan SandboxPatience { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether <c>user_1</c> … <c>user_5</c> are put into the directory.</summary>
    public bool WithDemoRecipients { get; set; } = true;

    /// <summary>Whether <c>local.settings.json</c> and the environment count. A test that wants to be alone says no.</summary>
    public bool ReadsMachineSettings { get; set; } = true;

    /// <summary>
    /// The fault point at which the process dies that runs the functions: this one, or a worker. The environment's unless given.
    /// </summary>
    public string? KillAt { get; set; }

    /// <summary>The current folder, from which <c>local.settings.json</c> is looked for.</summary>
    public string Directory { get; set; } = Environment.CurrentDirectory;

    /// <summary>The host.json; the one beside the program unless given.</summary>
    public string HostJsonPath { get; set; } = Path.Combine(AppContext.BaseDirectory, "host.json");

    /// <summary>Settings that win over all others, by names with <c>:</c>.</summary>
    public IDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Changes to the services when all are there.</summary>
    public Action<IServiceCollection>? ConfigureServices { get; set; }

    /// <summary>Where banner and ready line go.</summary>
    public TextWriter Output { get; set; } = Console.Out;
}
