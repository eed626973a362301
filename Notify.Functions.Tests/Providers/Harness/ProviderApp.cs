using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Notify.Functions.Reports;
using Notify.Functions.Sending;

namespace Notify.Functions.Tests.Providers.Harness;

/// <summary>An application with one provider, registered and configured as in production.</summary>
internal sealed class ProviderApp : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    public ProviderApp(IEnumerable<KeyValuePair<string, string?>> settings, Action<IHostApplicationBuilder> add)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.SetMinimumLevel(LogLevel.Trace);
        builder.Logging.AddProvider(Log);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        add(builder);
        Host = builder.Build();
    }

    public FakeTimeProvider Clock { get; } = new(Start);

    public LogSink Log { get; } = new();

    public IHost Host { get; }

    public IProviderSender Sender => Host.Services.GetRequiredService<IProviderSender>();

    public IWebhookProvider Webhook => Host.Services.GetRequiredService<IWebhookProvider>();

    public void Dispose() => Host.Dispose();
}
