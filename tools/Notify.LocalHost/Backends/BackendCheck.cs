using System.Net;
using System.Net.Sockets;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;
using Notify.Functions.Infrastructure.Redis;
using StackExchange.Redis;

namespace Notify.LocalHost.Backends;

/// <summary>
/// Tells before the start what is not there, in one sentence with how to get it, rather than leave it to the clients' retries. The app
/// itself would start and wait.
/// </summary>
internal static class BackendCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Whether the Kafka of the settings answers.</summary>
    /// <exception cref="BackendMissingException">It does not, or nothing says where it is.</exception>
    public static async Task KafkaAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        var brokers = Setting(configuration, BackendRegistration.KafkaSetting, "--kafka HOST:PORT");
        await CheckAsync("Kafka broker", "--kafka", brokers, brokers.Split(',').Select(broker => EndPoint(broker, defaultPort: 9092)),
            cancellationToken);
    }

    /// <summary>Whether the Redis of the settings answers.</summary>
    /// <exception cref="BackendMissingException">It does not, or nothing says where it is.</exception>
    public static async Task RedisAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        var setting = configuration[$"{RedisOptions.SectionName}:{nameof(RedisOptions.Endpoint)}"] is { Length: > 0 } endpoint
            && string.IsNullOrEmpty(configuration[BackendRegistration.RedisSetting])
            ? endpoint
            : Setting(configuration, BackendRegistration.RedisSetting, "--redis HOST:PORT");
        var endPoints = ConfigurationOptions.Parse(setting).EndPoints;
        await CheckAsync("Redis", "--redis", string.Join(',', endPoints.Select(Name)), endPoints, cancellationToken);
    }

    /// <summary>Whether the Azure Storage of the settings answers.</summary>
    /// <exception cref="BackendMissingException">It does not, or nothing says where it is.</exception>
    public static async Task StorageAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        var address = configuration[$"{BackendRegistration.StorageSetting}:queueServiceUri"] is { Length: > 0 } uri
            && string.IsNullOrEmpty(configuration[BackendRegistration.StorageSetting])
            ? new Uri(uri)
            : new QueueServiceClient(Setting(configuration, BackendRegistration.StorageSetting,
                "--storage CONNECTION, or --storage UseDevelopmentStorage=true for Azurite")).Uri;
        await CheckAsync("Azure Storage", "--storage", address.Authority, [new DnsEndPoint(address.Host, address.Port)], cancellationToken);
    }

    private static string Setting(IConfiguration configuration, string setting, string option) =>
        configuration[setting] is { Length: > 0 } value
            ? value
            : throw new BackendMissingException(
                $"Nothing says where it is: {option}, or {setting.Replace(":", "__", StringComparison.Ordinal)} in local.settings.json.");

    private static async Task CheckAsync(
        string what, string option, string where, IEnumerable<EndPoint> endPoints, CancellationToken cancellationToken)
    {
        foreach (var endPoint in endPoints)
        {
            if (await AnswersAsync(endPoint, cancellationToken))
            {
                return;
            }
        }
        throw new BackendMissingException(
            $"No {what} answers at {where} ({option}): start one with docker compose up -d, or let --up start its own.");
    }

    private static async Task<bool> AnswersAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            await socket.ConnectAsync(endPoint, limit.Token);
            return true;
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    private static DnsEndPoint EndPoint(string address, int defaultPort)
    {
        var colon = address.LastIndexOf(':');
        return colon >= 0 && int.TryParse(address.AsSpan(colon + 1), out var port)
            ? new DnsEndPoint(address[..colon].Trim(), port)
            : new DnsEndPoint(address.Trim(), defaultPort);
    }

    /// <summary><c>HOST:PORT</c>.</summary>
    internal static string Name(EndPoint endPoint) =>
        endPoint is DnsEndPoint dns ? FormattableString.Invariant($"{dns.Host}:{dns.Port}") : endPoint.ToString()!;
}
