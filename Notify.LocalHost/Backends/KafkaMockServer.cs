using System.Text.RegularExpressions;

namespace Notify.LocalHost.Backends;

/// <summary>
/// A Kafka broker: librdkafka's mock cluster, which speaks the real protocol, in a <c>kcat</c> of its own. Topics come into being on first
/// use, with 4 partitions.
/// </summary>
/// <remarks>
/// It forgets everything when it stops, so to try an outage freeze it or put a proxy before it. It keeps about 5 MB a partition and drops
/// what is older without a word.
/// </remarks>
public sealed partial class KafkaMockServer : BackendServer
{
    private string _address = "";

    internal KafkaMockServer(string folder)
        : base(folder, "kafka")
    {
    }

    /// <inheritdoc/>
    public override string Address => _address;

    /// <summary>What is missing to start one, with how to get it; <see langword="null"/> where nothing is.</summary>
    public static string? Missing() => Programs.Find("kcat") is null
        ? "kcat is not installed, which brings the Kafka broker for tests: apt-get install kcat."
        : null;

    // The address to connect to is never used: with the property set, the client makes a cluster inside its own process.
    private protected override IEnumerable<string> Command(string folder) =>
        ["kcat", "-b", "127.0.0.1:1", "-X", "test.mock.num.brokers=1", "-C", "-t", "seed", "-q"];

    private protected override Task<bool> AnswersAsync(string output, CancellationToken cancellationToken)
    {
        var announced = Announced().Match(output);
        _address = announced.Groups["address"].Value;
        return Task.FromResult(announced.Success);
    }

    [GeneratedRegex(@"replaced with (?<address>127\.0\.0\.1:\d+)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Announced();
}
