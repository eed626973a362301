using Notify.LocalHost.Tools.Replay;

namespace Notify.LocalHost.Hosting;

/// <summary>What the command line asks for.</summary>
internal sealed record LocalHostOptions
{
    private const int OwnPort = 7071;
    private const int SandboxPort = 7079;

    /// <summary>Where to listen on 127.0.0.1; 0 takes a free port.</summary>
    /// <value>Default 7071; 7079 for a sandbox alone.</value>
    public int Port
    {
        get => field >= 0 ? field : SandboxOnly ? SandboxPort : OwnPort;
        init;
    } = -1;

    /// <summary>The functions to load; <see langword="null"/> for all.</summary>
    public IReadOnlyList<string>? Functions { get; init; }

    /// <summary>Whether callers need a key, as in Azure.</summary>
    public bool EnableAuth { get; init; }

    /// <summary>A real Kafka; <see langword="null"/> for the embedded one.</summary>
    public BackendAddress? Kafka { get; init; }

    /// <summary>A real Redis; <see langword="null"/> for the embedded one.</summary>
    public BackendAddress? Redis { get; init; }

    /// <summary>A real Azure Storage; <see langword="null"/> for the embedded one.</summary>
    public BackendAddress? Storage { get; init; }

    /// <summary>Whether to start real backends of its own, and stop them at the end.</summary>
    public bool Up { get; init; }

    /// <summary>
    /// Where functions run: <see langword="null"/> for this process, <c>process</c> for the built app as a worker process.
    /// </summary>
    public string? Worker { get; init; }

    /// <summary>Whether the demo recipients are put on real backends too.</summary>
    public bool Demo { get; init; }

    /// <summary>
    /// The provider sandbox: <see langword="null"/> for the one inside, <c>own</c>, <c>none</c>, or the address of one that runs.
    /// </summary>
    public string? Sandbox { get; init; }

    /// <summary>Whether only the provider sandbox is to run.</summary>
    public bool SandboxOnly { get; init; }

    /// <summary>Whether only a Kafka broker in memory is to run.</summary>
    public bool BrokerOnly { get; init; }

    /// <summary>Where a sandbox alone calls the webhooks; <see langword="null"/> where a host tells it.</summary>
    public string? Callback { get; init; }

    /// <summary>A file of recipients and subscriptions to put into the tables; <see langword="null"/> for none.</summary>
    public string? Import { get; init; }

    /// <summary>A file of events to put on the topics; <see langword="null"/> for none.</summary>
    public string? Events { get; init; }

    /// <summary>Records to decide again, without doing anything; <see langword="null"/> for none.</summary>
    public ReplayRange? Replay { get; init; }

    /// <summary>Whether to end when the file's events are summed up.</summary>
    public bool Exit { get; init; }

    /// <summary>Whether a function is among those to load.</summary>
    internal bool Loads(string function) => Functions?.Contains(function, StringComparer.OrdinalIgnoreCase) ?? true;
}

/// <summary>Where a real backend is.</summary>
/// <param name="Value">The address or connection string; <see langword="null"/> for the one in the settings. May hold a secret.</param>
internal sealed record BackendAddress(string? Value)
{
    /// <summary>Without the value, which may hold a secret.</summary>
    public override string ToString() => Value is null ? "as the settings say" : "as given";
}
