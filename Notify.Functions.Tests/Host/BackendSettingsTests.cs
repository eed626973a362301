using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Notify.Functions.Dispatch.Deduplication;
using Notify.Functions.Host;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Tests.Host;

/// <summary>The settings of the production backends: checked at start, without any of them being there.</summary>
public sealed class BackendSettingsTests
{
    private static readonly Dictionary<string, string?> Complete = new(StringComparer.Ordinal)
    {
        ["Notify:Broker:BrokerList"] = "127.0.0.1:1",
        ["Notify:Redis:ConnectionString"] = "127.0.0.1:1",
        ["NotifyStorage"] = "UseDevelopmentStorage=true",
    };

    [Fact]
    public async Task Starts_and_makes_every_adapter_without_any_backend()
    {
        using var host = Build(Complete);
        await host.StartAsync();

        Assert.IsType<KafkaEventPublisher>(host.Services.GetRequiredService<IEventPublisher>());
        Assert.IsType<RedisDedupCache>(host.Services.GetRequiredService<IDispatchCache>());
        Assert.IsType<AzureTables>(host.Services.GetRequiredService<ITables>());
        Assert.IsType<AzureQueues>(host.Services.GetRequiredService<IQueues>());
        await host.StopAsync();
    }

    [Theory]
    [InlineData("Notify:Broker:BrokerList", "")]
    [InlineData("Notify:Redis:ConnectionString", "")]
    [InlineData("NotifyStorage", "")]
    [InlineData("Notify:Broker:MaxRetries", "0")]
    [InlineData("Notify:Broker:PublishTimeout", "00:05:00")]
    [InlineData("Notify:Redis:CommandTimeout", "00:00:00")]
    public async Task Names_the_faulty_setting(string setting, string value)
    {
        var fault = await FaultAsync((setting, value));

        var parts = setting.Split(':');
        Assert.All(parts, part => Assert.Contains(part, fault, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Wants_a_user_and_a_password_where_the_broker_does()
    {
        var fault = await FaultAsync(("Notify:Broker:Protocol", "SaslSsl"), ("Notify:Broker:Username", "$ConnectionString"));

        Assert.Contains("Notify:Broker:Password", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("Username", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wants_no_password_where_it_signs_in_by_token()
    {
        using var host = Build(With(("Notify:Broker:Protocol", "SaslSsl"), ("Notify:Broker:Mechanism", "OAuthBearer")));

        await host.StartAsync();
        await host.StopAsync();
    }

    [Theory]
    [InlineData("http://account.table.core.windows.net", "tableServiceUri")]
    [InlineData("not an address", "tableServiceUri")]
    public async Task Refuses_an_address_to_which_a_token_would_travel_in_the_clear(string uri, string setting)
    {
        var fault = await FaultAsync(
            ("NotifyStorage", ""), ("NotifyStorage:queueServiceUri", "https://account.queue.core.windows.net"),
            ("NotifyStorage:tableServiceUri", uri));

        Assert.Contains(setting, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("queueServiceUri", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("managedidentity", null)]
    [InlineData("managedIdentity", "11111111-2222-3333-4444-555555555555")]
    [InlineData(null, "11111111-2222-3333-4444-555555555555")]
    public void Signs_in_to_storage_by_identity(string? credential, string? clientId)
    {
        using var host = Build(With(
            ("NotifyStorage", ""),
            ("NotifyStorage:queueServiceUri", "https://account.queue.core.windows.net"),
            ("NotifyStorage:tableServiceUri", "https://account.table.core.windows.net"),
            ("NotifyStorage:credential", credential),
            ("NotifyStorage:clientId", clientId)));

        Assert.NotNull(host.Services.GetRequiredService<ITables>());
        Assert.NotNull(host.Services.GetRequiredService<IQueues>());
    }

    [Fact]
    public async Task Refuses_a_way_to_sign_in_that_it_does_not_know()
    {
        var fault = await FaultAsync(
            ("NotifyStorage", ""),
            ("NotifyStorage:queueServiceUri", "https://account.queue.core.windows.net"),
            ("NotifyStorage:tableServiceUri", "https://account.table.core.windows.net"),
            ("NotifyStorage:credential", "password"));

        Assert.Contains("NotifyStorage:credential", fault, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> With(params (string Name, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>(Complete, StringComparer.Ordinal);
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }
        return all;
    }

    private static async Task<string> FaultAsync(params (string Name, string? Value)[] settings)
    {
        using var host = Build(With(settings));
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        return fault.Message;
    }

    private static IHost Build(IDictionary<string, string?> settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddIntake().AddBackends();
        return builder.Build();
    }
}
