using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Notify.Functions.Digests;
using Notify.Functions.Dispatch.Deduplication;
using Notify.Functions.Dispatch.FanOut;
using Notify.Functions.Erasure;
using Notify.Functions.Functions.Kafka;
using Notify.Functions.Health;
using Notify.Functions.Host;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Sending;
using Notify.Functions.Tests.Harness;
using Notify.LocalHost.Runtime.Catalog;

namespace Notify.Functions.Tests.Host;

public sealed partial class CompositionTests
{
    [Fact]
    public void The_container_builds_from_the_sample_settings_with_the_production_backends()
    {
        using var host = Build(SampleSettings());

        host.Services.GetRequiredService<IStartupValidator>().Validate();
        Assert.Equal("KafkaEventPublisher", host.Services.GetRequiredService<IEventPublisher>().GetType().Name);
        Assert.Equal("RedisDedupCache", host.Services.GetRequiredService<IDispatchCache>().GetType().Name);
        Assert.Equal("AzureTables", host.Services.GetRequiredService<ITables>().GetType().Name);
        Assert.Equal("AzureQueues", host.Services.GetRequiredService<IQueues>().GetType().Name);
        Assert.NotNull(ActivatorUtilities.CreateInstance<DispatchFunctions>(host.Services));
    }

    [Fact]
    public void Every_function_can_be_made()
    {
        using var host = Build(SampleSettings());

        Assert.All(Functions().Select(function => function.Method.DeclaringType!).Distinct(), type =>
            Assert.NotNull(ActivatorUtilities.CreateInstance(host.Services, type)));
    }

    [Theory]
    [InlineData("Notify__Identity__Key", "short", "Notify:Identity")]
    [InlineData("Notify__Channels__email__BatchSize", "0", "email:BatchSize")]
    [InlineData("Notify__Channels__push__Providers", ",", "push")]
    [InlineData("Notify__Channels__fax__Enabled", "true", "fax")]
    [InlineData("Notify__Channels__email__BachSize", "10", "BachSize")]
    [InlineData("Notify__Batching__Channels", "email,fax", "fax")]
    [InlineData("Notify__Batching__Priorities", "critical", "critical")]
    [InlineData("Notify__Deduplication__Ttl", "00:00:00", "Notify:Deduplication")]
    [InlineData("Notify__Recipients__DefaultTimeZone", "Mars/Olympus", "Notify:Recipients")]
    [InlineData("Notify__Recipients__RequiredCategories", "security,a b", "Notify:Recipients")]
    [InlineData("Notify__Broker__BrokerList", "", "Notify:Broker:BrokerList")]
    [InlineData("Notify__Channels__email__Enabled", "true", "Notify:Providers:SendGrid")]
    public void A_faulty_setting_stops_the_start_and_is_named(string key, string value, string named)
    {
        var settings = SampleSettings();
        settings[key.Replace("__", ":", StringComparison.Ordinal)] = value;
        if (key.StartsWith("Notify__Channels__push", StringComparison.Ordinal))
        {
            settings["Notify:Channels:push:Enabled"] = "true";
        }

        using var host = Build(settings);

        var fault = Assert.ThrowsAny<Exception>(() => host.Services.GetRequiredService<IStartupValidator>().Validate());
        Assert.Contains(named, fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_that_does_not_exist_is_named()
    {
        var settings = SampleSettings();
        settings["Notify:Batching:Scedule"] = "0 */5 * * * *";

        using var host = Build(settings);

        Assert.Contains("Scedule", Assert.ThrowsAny<Exception>(() => host.Services.GetRequiredService<IStartupValidator>().Validate())
            .ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_provider_of_no_channel_needs_no_settings_and_one_of_a_channel_is_there()
    {
        using var none = Build(SampleSettings());
        Assert.Equal(["inbox"], none.Services.GetServices<IProviderSender>().Select(sender => sender.Name));

        var settings = SampleSettings();
        foreach (var (key, value) in TestSettings.Providers)
        {
            settings[key] = value;
        }
        settings["Notify:Channels:email:Enabled"] =
            settings["Notify:Channels:sms:Enabled"] = settings["Notify:Channels:push:Enabled"] = "true";
        using var all = Build(settings);
        all.Services.GetRequiredService<IStartupValidator>().Validate();
        Assert.Equal(["fcm", "inbox", "sendgrid", "twilio"], all.Services.GetServices<IProviderSender>().Select(sender => sender.Name)
            .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Functions_queues_topics_and_schedules_are_as_the_documentation_lists_them()
    {
        var documented = DocumentedFunction().Matches(RepositoryRoot.Read("docs", "queues.md"))
            .Select(row => $"{row.Groups["name"].Value} {row.Groups["trigger"].Value} {row.Groups["reads"].Value}")
            .Order(StringComparer.Ordinal);

        Assert.Equal(documented, Functions().Select(Describe).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_lane_has_a_function_and_every_queue_function_a_lane()
    {
        var queues = Functions().Select(function => function.Trigger).OfType<QueueFunctionTrigger>().Select(trigger =>
            trigger.Queue).ToList();

        var lanes = ChannelQueues.All.Append(DigestSettings.Queue).Append(RecipientErasure.Queue).Concat(FanOutQueue.Queues).ToList();
        Assert.Equal(lanes.Order(StringComparer.Ordinal), queues.Order(StringComparer.Ordinal));
        // What is drained, watched and reported.
        Assert.Equal(lanes.Order(StringComparer.Ordinal), Backlog.Queues.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_address_that_takes_GET_takes_HEAD()
    {
        var http = Functions().Select(function => function.Trigger).OfType<HttpFunctionTrigger>().ToList();

        Assert.Contains(http, one => one.Methods.Contains("GET"));
        Assert.All(http.Where(one => one.Methods.Contains("GET")), one => Assert.Contains("HEAD", one.Methods));
    }

    /// <summary>The Functions host tries routes in the order of the functions' names and takes the first that fits.</summary>
    [Fact]
    public void What_takes_every_address_comes_last_and_no_other_two_functions_take_the_same()
    {
        var http = Functions().Where(function => function.Trigger is HttpFunctionTrigger)
            .OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase).ToList();
        var every = Assert.Single(http, function => ((HttpFunctionTrigger)function.Trigger).Methods.Count == 0);

        Assert.Same(http[^1], every);
        var taken = http[..^1].Select(function => (HttpFunctionTrigger)function.Trigger)
            .SelectMany(one => one.Methods.Select(method => $"{method} {RouteParameter().Replace(one.Route, "{}")}"));
        Assert.All(taken.CountBy(one => one, StringComparer.Ordinal), one => Assert.True(one.Value == 1, one.Key));
    }

    [Fact]
    public void Every_queue_that_a_function_reads_and_every_table_is_created_at_start()
    {
        using var app = Build(SampleSettings());
        var names = app.Services.GetRequiredService<StorageNames>();

        Assert.Equal(
            Functions().Select(function => function.Trigger).OfType<QueueFunctionTrigger>()
                .SelectMany(trigger => new[] { trigger.Queue, QueueNames.PoisonOf(trigger.Queue)! }).Order(StringComparer.Ordinal),
            names.Queues.Order(StringComparer.Ordinal));
        Assert.All(names.Queues, queue => Assert.StartsWith(StorageNames.QueuePrefix, queue, StringComparison.Ordinal));
        Assert.Equal(
            typeof(TableNames).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)
                .Order(StringComparer.Ordinal),
            names.Tables.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Kafka_functions_take_batches_and_are_retried_for_ever()
    {
        var functions = Functions().Where(function => function.Trigger is KafkaFunctionTrigger).ToList();

        Assert.Equal(2, functions.Count);
        Assert.All(functions, function =>
        {
            Assert.True(Attribute<KafkaTriggerAttribute>(function).IsBatched);
            Assert.Equal("notification-service-v1", Settings()["Notify:Broker:ConsumerGroup"]);
            Assert.Equal(-1, Assert.Single(function.Method.GetCustomAttributes(typeof(ExponentialBackoffRetryAttribute), inherit: false)
                .Cast<ExponentialBackoffRetryAttribute>()).MaxRetryCount);
        });
    }

    [Fact]
    public void Queue_functions_share_one_connection_and_have_no_retry_attribute()
    {
        var functions = Functions().Where(function => function.Trigger is QueueFunctionTrigger).ToList();

        Assert.All(functions, function =>
        {
            Assert.Equal("NotifyStorage", Attribute<QueueTriggerAttribute>(function).Connection);
            Assert.Empty(function.Method.GetCustomAttributes(typeof(RetryAttribute), inherit: false));
        });
    }

    [Fact]
    public void Host_json_has_the_values_that_the_design_argues()
    {
        var host = JsonDocument.Parse(RepositoryRoot.Read("host.json")).RootElement;
        var kafka = host.GetProperty("extensions").GetProperty("kafka");
        var queues = host.GetProperty("extensions").GetProperty("queues");

        Assert.Equal("2.0", host.GetProperty("version").GetString());
        Assert.Equal("OpenTelemetry", host.GetProperty("telemetryMode").GetString());
        Assert.False(host.TryGetProperty("extensionBundle", out _));
        Assert.Equal("api", host.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString());
        Assert.Equal(512, kafka.GetProperty("maxBatchSize").GetInt32());
        Assert.Equal(1, kafka.GetProperty("subscriberIntervalInSeconds").GetInt32());
        Assert.False(kafka.GetProperty("commitOnFailure").GetBoolean());
        Assert.Equal(-1, kafka.GetProperty("maxRetries").GetInt32());
        Assert.InRange(TimeSpan.Parse(queues.GetProperty("maxPollingInterval").GetString()!,
            System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(200));
        Assert.Equal("00:00:30", queues.GetProperty("visibilityTimeout").GetString());
        Assert.Equal(20, queues.GetProperty("maxDequeueCount").GetInt32());
        Assert.Equal("base64", queues.GetProperty("messageEncoding").GetString());
    }

    [Fact]
    public void Host_json_comes_with_the_app() =>
        Assert.Equal(RepositoryRoot.Read("host.json"), File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "host.json")));

    [Fact]
    public void The_sample_settings_name_every_setting_that_a_trigger_needs()
    {
        var sample = SampleSettings();

        Assert.All(SettingDefaults.Triggers.Keys, key => Assert.True(sample.ContainsKey(key), key));
    }

    /// <summary>Asserts that the service can be put together, on the production backends, and finds no fault in its settings.</summary>
    internal static void AssertStarts(Dictionary<string, string?> settings)
    {
        using var host = Build(settings);
        host.Services.GetRequiredService<IStartupValidator>().Validate();
    }

    /// <summary>The names of all functions.</summary>
    internal static IEnumerable<string> FunctionNames() => Functions().Select(function => function.Name);

    /// <summary>The names of those that answer HTTP.</summary>
    internal static IReadOnlySet<string> HttpFunctionNames() =>
        Functions().Where(function => function.Trigger is HttpFunctionTrigger).Select(function => function.Name)
            .ToHashSet(StringComparer.Ordinal);

    private static string Describe(AppFunction function) => function.Trigger switch
    {
        HttpFunctionTrigger http => $"{function.Name} http {MethodsOf(http)} api/{http.Route}",
        KafkaFunctionTrigger kafka => $"{function.Name} kafka {kafka.Topic}",
        QueueFunctionTrigger queue => $"{function.Name} queue {queue.Queue}",
        TimerFunctionTrigger timer => $"{function.Name} timer {timer.Schedule}",
        var other => $"{function.Name} {other}",
    };

    // GET takes HEAD too, everywhere.
    private static string MethodsOf(HttpFunctionTrigger http) =>
        http.Methods.Count == 0 ? "ANY" : string.Join(',', http.Methods.Except(["HEAD"]));

    private static T Attribute<T>(AppFunction function) where T : Attribute =>
        Assert.Single(function.Method.GetParameters().SelectMany(parameter => parameter.GetCustomAttributes(typeof(T), inherit: false))
            .Cast<T>());

    private static IReadOnlyList<AppFunction> Functions() =>
        FunctionCatalog.Read(typeof(NotifyApp).Assembly.GetTypes(), Settings(), only: null).Functions;

    /// <summary>The sample's settings.</summary>
    internal static IConfiguration Settings() => new ConfigurationBuilder().AddInMemoryCollection(SampleSettings()).Build();

    internal static Dictionary<string, string?> SampleSettings() =>
        JsonDocument.Parse(RepositoryRoot.Read("local.settings.sample.json")).RootElement.GetProperty("Values").EnumerateObject()
            .ToDictionary(value => value.Name.Replace("__", ":", StringComparison.Ordinal), value => value.Value.GetString(),
                StringComparer.OrdinalIgnoreCase);

    internal static IHost Build(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddLogging();
        builder.ConfigureContainer(new DefaultServiceProviderFactory(
            new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true }));
        builder.AddNotify().AddBackends().RefuseDevelopmentKey();
        return builder.Build();
    }

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.None, 1000)]
    private static partial Regex RouteParameter();

    [GeneratedRegex(@"^\| `(?<name>\w+)` \| (?<trigger>\w+) \| `(?<reads>[^`]+)` \|$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DocumentedFunction();
}
