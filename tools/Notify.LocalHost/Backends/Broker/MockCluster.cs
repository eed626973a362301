using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Notify.LocalHost.Backends.Broker;

/// <summary>
/// librdkafka's mock cluster in this process: one Kafka broker on 127.0.0.1 that speaks the real protocol and keeps everything in memory.
/// </summary>
/// <remarks>
/// A partition keeps about 5 MB and drops older records silently. Topics that carry load therefore need many partitions; a topic that comes
/// into being on first use has 4. The native functions are librdkafka's own, declared in
/// <see href="https://github.com/confluentinc/librdkafka/blob/master/src/rdkafka_mock.h">rdkafka_mock.h</see>.
/// </remarks>
internal sealed partial class MockCluster : IDisposable
{
    private const int Producer = 0;
    private const string Library = "librdkafka";

    // Confluent.Kafka's package names the builds for other C libraries so. On most Linux systems only these load.
    private static readonly string[] Builds = [Library, "centos8-librdkafka", "alpine-librdkafka"];

    private readonly nint _client;
    private readonly nint _cluster;

    static MockCluster() => NativeLibrary.SetDllImportResolver(typeof(MockCluster).Assembly, Find);

    /// <summary>Starts a cluster of one broker on a free port.</summary>
    /// <exception cref="InvalidOperationException">librdkafka refused; the message has its reason.</exception>
    public MockCluster()
    {
        var reason = new byte[512];
        // Its client connects to nothing, and would warn of that.
        var configuration = NewConfiguration();
        _ = Configure(configuration, "log_level", "3", reason, (nuint)reason.Length);
        _client = New(Producer, configuration, reason, (nuint)reason.Length);
        if (_client == 0)
        {
            throw new InvalidOperationException(
                $"The Kafka broker did not start: {System.Text.Encoding.UTF8.GetString(reason).TrimEnd('\0')}.");
        }
        _cluster = NewCluster(_client, brokers: 1);
        if (_cluster == 0)
        {
            DestroyClient(_client);
            throw new InvalidOperationException("The Kafka broker did not start: no port was free.");
        }
        Address = Marshal.PtrToStringUTF8(Bootstraps(_cluster))!;
    }

    /// <summary>The address for clients, <c>127.0.0.1:PORT</c>.</summary>
    public string Address { get; }

    /// <summary>Creates a topic.</summary>
    /// <exception cref="InvalidOperationException">The topic exists already, or its name or number of partitions is not valid.</exception>
    public void CreateTopic(string topic, int partitions)
    {
        if ((ErrorCode)CreateTopic(_cluster, topic, partitions, replicas: 1) is var error and not ErrorCode.NoError)
        {
            throw new InvalidOperationException($"The topic {topic} was not created: {new Error(error).Reason}.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        DestroyCluster(_cluster);
        DestroyClient(_client);
    }

    private static nint Find(string name, Assembly assembly, DllImportSearchPath? searchPath) => name != Library
        ? 0
        : Builds.Select(build => NativeLibrary.TryLoad(build, typeof(Library).Assembly, searchPath, out var found) ? found : 0)
            .FirstOrDefault(found => found != 0);

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_new")]
    private static partial nint NewConfiguration();

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Configure(nint configuration, string name, string value, [Out] byte[] reason, nuint reasonSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_new")]
    private static partial nint New(int type, nint configuration, [Out] byte[] reason, nuint reasonSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_destroy")]
    private static partial void DestroyClient(nint client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_new")]
    private static partial nint NewCluster(nint client, int brokers);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_destroy")]
    private static partial void DestroyCluster(nint cluster);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    private static partial nint Bootstraps(nint cluster);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_topic_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateTopic(nint cluster, string topic, int partitions, int replicas);
}
