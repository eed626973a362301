using System.Text.RegularExpressions;
using Notify.LocalHost.Processes;

namespace Notify.LocalHost.Backends;

/// <summary>
/// A Kafka broker: librdkafka's mock cluster, which speaks the real protocol, in this program once more (<c>--broker-only</c>).
/// </summary>
/// <remarks>
/// It forgets everything when it stops, so to try an outage freeze it or put a proxy before it. The service's topics have 16 partitions,
/// others come into being on first use with 4. A partition keeps about 5 MB and drops older records silently.
/// </remarks>
internal sealed partial class KafkaMockServer : BackendServer
{
    private string _address = "";

    internal KafkaMockServer(string folder)
        : base(folder, "kafka")
    {
    }

    /// <inheritdoc/>
    public override string Address => _address;

    private protected override IEnumerable<string> Command(string folder) => [.. OwnProgram.Command(), "--broker-only"];

    private protected override Task<bool> AnswersAsync(string output, CancellationToken cancellationToken)
    {
        var announced = Announced().Match(output);
        _address = announced.Groups["address"].Value;
        return Task.FromResult(announced.Success);
    }

    [GeneratedRegex(@"^Kafka broker is ready on (?<address>\S+)\r?$", RegexOptions.CultureInvariant | RegexOptions.Multiline,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Announced();
}
