using System.Globalization;
using Notify.LocalHost.Processes;

namespace Notify.LocalHost.Backends;

/// <summary>
/// Azurite, the emulator of Azure Storage. Keeps its data in the folder, so that a stop and a start in the middle of a run lose nothing,
/// as an outage of the real service does not; or in memory only, because it writes all it has every five seconds, which takes longer
/// than that from some hundred thousand rows on.
/// </summary>
internal sealed class AzuriteServer : BackendServer
{
    // Published by Microsoft for every emulator; no secret.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private const string Script = "eng/azurite/node_modules/azurite/dist/src/azurite.js";

    private readonly Dictionary<string, PortGuard> _ports =
        new(StringComparer.Ordinal) { ["Blob"] = new(), ["Queue"] = new(), ["Table"] = new() };

    private readonly bool _inMemory;

    internal AzuriteServer(string folder, bool inMemory)
        : base(folder, "azurite") => _inMemory = inMemory;

    /// <inheritdoc/>
    public override string Address =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};"
        + $"BlobEndpoint={Endpoint("Blob")};QueueEndpoint={Endpoint("Queue")};TableEndpoint={Endpoint("Table")};";

    /// <summary><c>HOST:PORT</c> of its table service, for what stands between.</summary>
    public string TableAddress => FormattableString.Invariant($"127.0.0.1:{Port("Table")}");

    /// <summary><c>HOST:PORT</c> of its queue service, for what stands between.</summary>
    public string QueueAddress => FormattableString.Invariant($"127.0.0.1:{Port("Queue")}");

    /// <summary>What is missing to start one, with how to get it; <see langword="null"/> where nothing is.</summary>
    public static string? Missing()
    {
        if (Programs.Find("node") is null)
        {
            return "Node.js is not installed, and Azurite needs it: apt-get install nodejs npm.";
        }
        return Programs.FindUpwards(Script) is null && Programs.Find("azurite") is null
            ? "Azurite is not installed: npm ci --prefix eng/azurite."
            : null;
    }

    private protected override IEnumerable<string> Command(string folder) =>
    [
        .. Programs.FindUpwards(Script) is { } script ? (IEnumerable<string>)["node", script] : ["azurite"],
        .. _inMemory ? (IEnumerable<string>)["--inMemoryPersistence"] : ["--location", Path.Combine(folder, "azurite")],
        "--skipApiVersionCheck", "--disableTelemetry", "--silent",
        "--blobPort", Port("Blob"), "--queuePort", Port("Queue"), "--tablePort", Port("Table"),
    ];

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var port in _ports.Values)
        {
            port.Dispose();
        }
    }

    private protected override Task<bool> AnswersAsync(string output, CancellationToken cancellationToken) =>
        Task.FromResult(_ports.Keys.All(service =>
            output.Contains($"Azurite {service} service is successfully listening", StringComparison.Ordinal)));

    private string Port(string service) => _ports[service].Port.ToString(CultureInfo.InvariantCulture);

    private string Endpoint(string service) => $"http://127.0.0.1:{Port(service)}/{Account}";
}
