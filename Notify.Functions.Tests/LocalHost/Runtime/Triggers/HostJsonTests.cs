using Microsoft.Extensions.Configuration;
using Notify.LocalHost.Runtime;
using Notify.LocalHost.Runtime.Triggers;

namespace Notify.Functions.Tests.LocalHost.Runtime.Triggers;

public sealed class HostJsonTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();
    private readonly Dictionary<string, string?> _settings = new(StringComparer.Ordinal);

    [Fact]
    public void Has_the_extensions_defaults()
    {
        var host = Read("""{ "version": "2.0" }""");

        Assert.Equal("api", host.RoutePrefix);
        Assert.Equal((64, TimeSpan.FromSeconds(1), true, 5),
            (host.Kafka.MaxBatchSize, host.Kafka.SubscriberInterval, host.Kafka.CommitOnFailure, host.Kafka.MaxRetries));
        Assert.Equal((16, 8 * Environment.ProcessorCount, 5),
            (host.Queues.BatchSize, host.Queues.NewBatchThreshold, host.Queues.MaxDequeueCount));
        Assert.Equal(
            (TimeSpan.FromMinutes(1), TimeSpan.Zero, TimeSpan.FromMinutes(10)),
            (host.Queues.MaxPollingInterval, host.Queues.VisibilityTimeout, host.Queues.Lease));
    }

    [Fact]
    public void Reads_the_file_and_lets_settings_win_over_it()
    {
        _settings["AzureFunctionsJobHost:extensions:kafka:maxBatchSize"] = "32";
        _settings["Notify:LocalHost:QueueLease"] = "00:00:05";

        var host = Read("""
            { "extensions": {
                "http": { "routePrefix": "v1" },
                "kafka": { "maxBatchSize": 512, "subscriberIntervalInSeconds": 2, "commitOnFailure": false, "maxRetries": -1 },
                "queues": { "batchSize": 8, "newBatchThreshold": 0, "maxPollingInterval": "00:00:00.2", "visibilityTimeout": "00:00:30", "maxDequeueCount": 20 } } }
            """);

        Assert.Equal("v1", host.RoutePrefix);
        Assert.Equal((32, TimeSpan.FromSeconds(2), false, -1),
            (host.Kafka.MaxBatchSize, host.Kafka.SubscriberInterval, host.Kafka.CommitOnFailure, host.Kafka.MaxRetries));
        Assert.Equal((8, 0, 20), (host.Queues.BatchSize, host.Queues.NewBatchThreshold, host.Queues.MaxDequeueCount));
        Assert.Equal(
            (TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5)),
            (host.Queues.MaxPollingInterval, host.Queues.VisibilityTimeout, host.Queues.Lease));
    }

    [Theory]
    [InlineData("""{"extensions":{"queues":{"batchSize":33}}}""",
        "'extensions:queues:batchSize' in host.json is '33'; it must be a whole number from 1 to 32.")]
    [InlineData("""{"extensions":{"queues":{"maxPollingInterval":"00:00:00.05"}}}""", "it must be a time of at least 00:00:00.1000000")]
    [InlineData("""{"extensions":{"kafka":{"maxBatchSize":"many"}}}""", "it must be a whole number of at least 1.")]
    [InlineData("""{"extensions":{"kafka":{"commitOnFailure":"no"}}}""", "it must be true or false.")]
    [InlineData("{", "cannot be read")]
    public void Says_what_is_wrong(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<StartupException>(() => Read(json)).Message, StringComparison.Ordinal);

    public void Dispose() => File.Delete(_path);

    private HostJson Read(string json)
    {
        File.WriteAllText(_path, json);
        return HostJson.Read(_path, new ConfigurationBuilder().AddInMemoryCollection(_settings).Build());
    }
}
