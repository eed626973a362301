using System.Globalization;
using Microsoft.Extensions.Configuration;
using Notify.Functions.Contract;
using Notify.LocalHost.Runtime.Kafka;
using Notify.LocalHost.Runtime.Queues;

namespace Notify.LocalHost.Runtime.Triggers;

/// <summary>
/// host.json, as far as the triggers go by it. Settings below <c>AzureFunctionsJobHost</c> win over the file, as in the real host:
/// <c>AzureFunctionsJobHost__extensions__kafka__maxBatchSize</c>.
/// </summary>
internal sealed class HostJson
{
    private readonly IConfiguration _values;

    private HostJson(IConfiguration values, TimeSpan? lease)
    {
        _values = values;
        RoutePrefix = values["extensions:http:routePrefix"] ?? "api";
        Kafka = ReadKafka();
        Queues = ReadQueues(lease);
    }

    /// <summary>What stands before every route.</summary>
    /// <value>Default <c>api</c>.</value>
    public string RoutePrefix { get; }

    /// <summary>The rules of Kafka triggers.</summary>
    public KafkaTriggerOptions Kafka { get; }

    /// <summary>The rules of queue triggers.</summary>
    public QueueTriggerOptions Queues { get; }

    /// <summary>Reads the file (defaults apply where there is none) and the settings over it.</summary>
    /// <exception cref="StartupException">The file cannot be read, or a value is out of its range.</exception>
    public static HostJson Read(string? path, IConfiguration settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var builder = new ConfigurationBuilder();
        if (path is not null)
        {
            if (File.Exists(path) && Utf8Text.FaultyLine(File.ReadAllBytes(path)) is { } line)
            {
                throw new StartupException($"host.json ({path}) is not UTF-8: line {line}.");
            }
            builder.AddJsonFile(path, optional: true);
        }
        try
        {
            var values = builder.AddConfiguration(settings.GetSection("AzureFunctionsJobHost")).Build();
            var lease = settings["Notify:LocalHost:QueueLease"] is { Length: > 0 } text
                ? Time("Notify:LocalHost:QueueLease", text, TimeSpan.FromSeconds(1)) : (TimeSpan?)null;
            return new HostJson(values, lease);
        }
        catch (InvalidDataException fault)
        {
            throw new StartupException($"host.json ({path}) cannot be read: {fault.InnerException?.Message ?? fault.Message}", fault);
        }
    }

    private KafkaTriggerOptions ReadKafka()
    {
        var defaults = new KafkaTriggerOptions();
        return new KafkaTriggerOptions
        {
            MaxBatchSize = Number("extensions:kafka:maxBatchSize", defaults.MaxBatchSize, 1),
            SubscriberInterval = TimeSpan.FromSeconds(
                Number("extensions:kafka:subscriberIntervalInSeconds", (int)defaults.SubscriberInterval.TotalSeconds, 1)),
            CommitOnFailure = Flag("extensions:kafka:commitOnFailure", defaults.CommitOnFailure),
            MaxRetries = Number("extensions:kafka:maxRetries", defaults.MaxRetries, -1),
        };
    }

    private QueueTriggerOptions ReadQueues(TimeSpan? lease)
    {
        var defaults = new QueueTriggerOptions();
        var batchSize = Number("extensions:queues:batchSize", defaults.BatchSize, 1, 32);
        return new QueueTriggerOptions
        {
            BatchSize = batchSize,
            NewBatchThreshold = Number("extensions:queues:newBatchThreshold", batchSize / 2 * Environment.ProcessorCount, 0),
            MaxPollingInterval = Time("extensions:queues:maxPollingInterval", _values["extensions:queues:maxPollingInterval"],
                PollingBackoff.Minimum) ?? defaults.MaxPollingInterval,
            VisibilityTimeout = Time("extensions:queues:visibilityTimeout", _values["extensions:queues:visibilityTimeout"], TimeSpan.Zero)
                ?? defaults.VisibilityTimeout,
            MaxDequeueCount = Number("extensions:queues:maxDequeueCount", defaults.MaxDequeueCount, 1),
            Lease = lease ?? defaults.Lease,
        };
    }

    private int Number(string key, int missing, int minimum, int maximum = int.MaxValue)
    {
        if (_values[key] is not { } text)
        {
            return missing;
        }
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= minimum
            && number <= maximum
            ? number
            : throw new StartupException(
                $"'{key}' in host.json is '{text}'; it must be a whole "
                    + $"number {(maximum == int.MaxValue ? $"of at least {minimum}" : $"from {minimum} to {maximum}")}.");
    }

    private bool Flag(string key, bool missing) => _values[key] switch
    {
        null => missing,
        var text when bool.TryParse(text, out var flag) => flag,
        var text => throw new StartupException($"'{key}' in host.json is '{text}'; it must be true or false."),
    };

    private static TimeSpan? Time(string key, string? text, TimeSpan minimum)
    {
        if (text is null)
        {
            return null;
        }
        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time >= minimum
            ? time
            : throw new StartupException($"'{key}' is '{text}'; it must be a time of at least {minimum}, such as 00:00:30.");
    }
}
