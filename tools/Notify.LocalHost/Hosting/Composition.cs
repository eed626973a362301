using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Notify.Functions.Host;
using Notify.Functions.Infrastructure.Configuration;
using Notify.Functions.Telemetry;
using Notify.LocalHost.Backends;
using Notify.LocalHost.FaultInjection;
using Notify.LocalHost.InMemory;
using Notify.LocalHost.Runtime;
using Notify.LocalHost.Runtime.Catalog;
using Notify.LocalHost.Runtime.Http;
using Notify.LocalHost.Runtime.Invocation;
using Notify.LocalHost.Runtime.Triggers;
using Notify.LocalHost.Runtime.Worker;
using Notify.LocalHost.Tools.EventsFile;
using Notify.LocalHost.Tools.Import;
using Notify.LocalHost.Tools.Replay;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Notify.LocalHost.Hosting;

/// <summary>Puts a host together: settings, the app, backends, sandbox, triggers, paths.</summary>
internal static class Composition
{
    // ScriptConstants.DefaultMaxRequestBodySize of the Functions host.
    private const long FunctionsHostBodyLimit = 100 * 1024 * 1024;

    public static async Task<LocalHostApp> BuildAsync(LocalHostOptions options, LocalHostSetup setup, CancellationToken cancellationToken)
    {
        var settingsFile = setup.ReadsMachineSettings ? LocalSettings.Find(setup.Directory) : null;
        var localSettings = settingsFile is null ? null : LocalSettings.Read(settingsFile);
        var socket = LocalHostApp.Listen(options.Port);
        var companions = new Companions();
        WebApplication? app = null;
        try
        {
            var port = ((IPEndPoint)socket.LocalEndPoint!).Port;
            if (options.Up)
            {
                options = await companions.StartBackendsAsync(options, cancellationToken);
            }
            await companions.StartSandboxAsync(options, setup.Sandbox, LocalHostApp.AddressOf(port), setup.SandboxPatience,
                cancellationToken);
            var sandbox = companions.Sandbox;
            var builder = NewBuilder(socket);
            AddSettings(builder.Configuration, setup, localSettings, sandbox.Settings);
            AddLogging(builder);

            setup.AddApp(builder);
            builder.AddCheckedOptions<LocalHostSettings>(LocalHostSettings.SectionName);
            var settings = builder.Configuration.Read<LocalHostSettings>(LocalHostSettings.SectionName);
            var clock = OffsetTimeProvider.Create(settings.ClockOffset, setup.Clock);
            builder.Services.Replace(ServiceDescriptor.Singleton(clock));
            var backends = await Backend.AddAsync(builder, options, setup.Embedded ?? new InMemoryBackends(clock), cancellationToken);
            GuardRemoval.Apply(builder.Services, Machine(setup, GuardRemoval.Variable));
            sandbox.Add(builder.Services);
            AddDemo(builder.Services, setup, options);
            var key = options.EnableAuth ? HostKey.Required(settings.Key) : HostKey.None;
            AddInvoker(builder.Services, options, setup.KillAt ?? Machine(setup, KillAt.Variable));
            AddRuntime(builder.Services, setup, options, key, sandbox);
            builder.Services.AddOpenTelemetry().ConfigureResource(NameService)
                .WithMetrics(metrics => metrics.AddMeter(NotifyMetrics.MeterName).AddPrometheusExporter());
            setup.ConfigureServices?.Invoke(builder.Services);

            app = builder.Build();
            CheckSettings(app.Services);
            var (catalog, routePrefix) = (app.Services.GetRequiredService<FunctionCatalog>(),
                app.Services.GetRequiredService<HostJson>().RoutePrefix);
            Map(app, catalog, routePrefix, sandbox);
            return new LocalHostApp(app, setup, options, port, companions, () =>
                Banner.Write(setup.Output, options, LocalHostApp.UrlOf(port), [.. backends, new Backend("Providers", sandbox.Description)],
                    catalog, routePrefix, key, settingsFile));
        }
        catch (Exception fault)
        {
            if (app is not null)
            {
                await app.DisposeAsync();
            }
            socket.Dispose();
            await companions.DisposeAsync();
            if (fault is BackendMissingException)
            {
                throw new StartupException(fault.Message, fault);
            }
            throw;
        }
    }

    private static string? Machine(LocalHostSetup setup, string variable) =>
        setup.ReadsMachineSettings ? Environment.GetEnvironmentVariable(variable) : null;

    private static void CheckSettings(IServiceProvider services)
    {
        if (SettingFaults.Find(services) is { Count: > 0 } faults)
        {
            throw new StartupException(string.Join(Environment.NewLine, faults));
        }
    }

    private static void Map(WebApplication app, FunctionCatalog catalog, string routePrefix, ProviderSandbox sandbox)
    {
        app.Services.GetRequiredService<HttpFunctions>().Map(app, catalog, routePrefix);
        app.Services.GetRequiredService<AdminEndpoints>().Map(app, routePrefix);
        app.MapPrometheusScrapingEndpoint();
        sandbox.Map(app);
    }

    private static WebApplicationBuilder NewBuilder(Socket socket)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.WebHost
            .UseKestrelCore()
            .UseSockets(sockets => sockets.CreateBoundListenSocket = _ => socket)
            .ConfigureKestrel(kestrel =>
            {
                kestrel.Limits.MaxRequestBodySize = FunctionsHostBodyLimit;
                kestrel.Listen((IPEndPoint)socket.LocalEndPoint!);
            });
        builder.Host.UseDefaultServiceProvider(provider => provider.ValidateScopes = provider.ValidateOnBuild = true);
        builder.Services.AddRouting();
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, StopSignals.NoLifetime>());
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout =
            TriggerHost.DrainTime + TriggerHost.TimeToGiveUp + TimeSpan.FromSeconds(10));
        return builder;
    }

    /// <summary>From the lowest: the triggers' defaults, local.settings.json, the environment, the sandbox, a test's own.</summary>
    private static void AddSettings(
        ConfigurationManager configuration,
        LocalHostSetup setup,
        IReadOnlyDictionary<string, string?>? localSettings,
        IEnumerable<KeyValuePair<string, string?>> sandboxSettings)
    {
        configuration.AddInMemoryCollection(SettingDefaults.Triggers.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
        if (localSettings is not null)
        {
            configuration.AddInMemoryCollection(localSettings);
        }
        if (setup.ReadsMachineSettings)
        {
            configuration.AddEnvironmentVariables();
        }
        configuration.AddInMemoryCollection(sandboxSettings);
        configuration.AddInMemoryCollection(setup.Settings);
        // What is there but empty counts as absent, for triggers too.
        configuration.AddInMemoryCollection(
            [.. SettingDefaults.Triggers.Where(one => configuration[one.Key] is "")
                .Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))]);
    }

    private static void AddLogging(WebApplicationBuilder builder)
    {
        builder.Logging
            .SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("System", LogLevel.Warning)
            .AddFilter("Azure", LogLevel.Warning)
            .AddFilter("Polly", LogLevel.Error)
            .AddFilter("Yarp", LogLevel.Error)
            .AddConfiguration(builder.Configuration.GetSection("Logging"))
            .AddConsoleFormatter<ShortConsoleFormatter, ConsoleFormatterOptions>()
            .AddConsole(console => console.FormatterName = ShortConsoleFormatter.FormatterName);
    }

    private static void AddDemo(IServiceCollection services, LocalHostSetup setup, LocalHostOptions options)
    {
        if (setup.WithDemoRecipients && (options.Storage is null || options.Demo))
        {
            services.AddHostedService<DemoRecipients>();
        }
    }

    /// <summary>What collectors call the host, unless the settings of OpenTelemetry say otherwise.</summary>
    private static void NameService(ResourceBuilder resource) => resource
        .AddAttributes([new("service.name", "notify")])
        .AddEnvironmentVariableDetector();

    private static void AddInvoker(IServiceCollection services, LocalHostOptions options, string? killAt)
    {
        if (options.Worker is null)
        {
            KillAt.Arm(killAt);
            services.AddSingleton<IFunctionInvoker, FunctionInvoker>();
            return;
        }
        services.AddHttpForwarder();
        services.AddSingleton(provider => new WorkerHost(
            provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<ILoggerFactory>(), KillAt.EnvironmentOf(killAt)));
        services.AddHostedService(provider => provider.GetRequiredService<WorkerHost>());
        services.AddSingleton<IFunctionInvoker, WorkerInvoker>();
    }

    // Functions and host.json are read when all settings are known to be in order: a fault of theirs must not hide the others.
    private static void AddRuntime(
        IServiceCollection services, LocalHostSetup setup, LocalHostOptions options, HostKey key, ProviderSandbox sandbox)
    {
        services.AddSingleton(provider =>
            FunctionCatalog.Read(setup.FunctionTypes, provider.GetRequiredService<IConfiguration>(), options.Functions))
            .AddSingleton(provider => HostJson.Read(setup.HostJsonPath, provider.GetRequiredService<IConfiguration>()))
            .AddSingleton(key);
        services.AddSingleton<Drain>().AddSingleton<ManualRuns>();
        services.AddSingleton<HttpFunctions>().AddSingleton<AdminEndpoints>();
        services.AddSingleton<TriggerListeners>();
        services.AddHostedService<TriggerHost>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<RecipientsFile>(provider));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<ImportRun>(provider));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<EventsPublication>(provider));
        services.AddTransient(provider =>
            ActivatorUtilities.CreateInstance<ReplayRun>(provider, ActivatorUtilities.CreateInstance<ReplayRecords>(provider)));
        services.AddSingleton(provider =>
        {
            var run = ActivatorUtilities.CreateInstance<EventsRun>(provider);
            run.PendingReports = cancellationToken => sandbox.PendingReportsAsync(provider, cancellationToken);
            return run;
        });
    }
}
