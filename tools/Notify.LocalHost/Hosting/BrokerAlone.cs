using System.Runtime.InteropServices;
using Notify.Functions.Infrastructure.Kafka;
using Notify.LocalHost.Backends.Broker;

namespace Notify.LocalHost.Hosting;

/// <summary>A Kafka broker in memory as all that this process runs.</summary>
internal static class BrokerAlone
{
    // About 80 MB a topic: see MockCluster.
    private const int Partitions = 16;

    /// <summary>Runs until Ctrl-C, SIGTERM or the token asks it to stop.</summary>
    public static async Task RunAsync(TextWriter output, CancellationToken cancellationToken = default)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var cluster = new MockCluster();
        var topics = new BrokerOptions();
        cluster.CreateTopic(topics.Topic, Partitions);
        cluster.CreateTopic(topics.UrgentTopic, Partitions);
        await output.WriteLineAsync($"Kafka broker is ready on {cluster.Address}");
        await output.FlushAsync(cancellationToken);
        await stop.Task.WaitAsync(cancellationToken);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }
    }
}
