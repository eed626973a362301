using System.CommandLine;
using System.Globalization;
using Notify.LocalHost.Tools.Replay;
using Option = Notify.LocalHost.Hosting.CommandLineOption<Notify.LocalHost.Hosting.LocalHostOptions>;

namespace Notify.LocalHost.Hosting;

/// <summary>Reads the command line of the local host.</summary>
internal static class CommandLine
{
    private const string About = """
        Runs the notification service in one process, for development, tests and measurement.

        Without options everything is in memory: topics, queues, tables, cache and the providers. --kafka, --redis and --storage go
        together in any combination; a setting alone switches nothing. Whatever the backends are, nothing is sent for real but with
        --sandbox none: otherwise the sandbox's settings win over the providers' own. Several processes over the same real backends
        share one sandbox: --sandbox URL. More: docs/local-host.md.
        """;

    // Something has to be loaded; this one does nothing by itself.
    private const string NoTrigger = "HealthLive";

    /// <summary>Reads arguments such as <c>--port 7072</c> or <c>--port=7072</c>.</summary>
    /// <exception cref="UsageException">An option is unknown, its value is missing or no good, or it does not go with another.</exception>
    public static LocalHostOptions Parse(IReadOnlyList<string> args)
    {
        var options = Create().Read(args).Apply(new LocalHostOptions());
        return Misfit(options) is { } misfit ? throw new UsageException(misfit)
            : options.Replay is null ? options
            // Nobody calls it: it need not have a port that another host may listen on.
            : options with { Functions = [NoTrigger], Port = 0 };
    }

    /// <summary>The command with its options, from which the help is made too.</summary>
    internal static RootCommand Create() => new(About)
    {
        new Option("--port", "PORT", "listen on this port (7071); 0 takes a free one", (o, v) => o with { Port = Port(v!) }),
        new Option("--functions", "A,B", "load only these functions (all)", (o, v) => o with { Functions = Names(v!) }),
        new Option("--enableAuth", null, "ask callers for the key that is printed at start", (o, _) => o with { EnableAuth = true }),
        new Option("--kafka", "[HOST:PORT]", "a real Kafka; without a value, that of the settings", (o, v) => o with { Kafka = new(v) }),
        new Option("--redis", "[HOST:PORT]", "a real Redis; without a value, that of the settings", (o, v) => o with { Redis = new(v) }),
        new Option("--storage", "[CONNECTION]", "real Azure Storage or Azurite; without a value, that of the settings",
            (o, v) => o with { Storage = new(v) }),
        new Option("--up", null, "start a Kafka, Redis and Azurite of its own, and stop them at the end", (o, _) => o with { Up = true }),
        new Option("--worker", "process",
            "run the functions in the built app as a worker process, as the Functions host does (in this process)",
            (o, v) => o with { Worker = Worker(v!) }),
        new Option("--demo", null, "put the demo recipients on real storage too", (o, _) => o with { Demo = true }),
        new Option("--sandbox", "own|URL|none",
            "a provider sandbox in a process of its own, one that runs there, or the real providers of the "
            + "settings (a sandbox inside)", (o, v) => o with { Sandbox = Sandbox(v!) }),
        new Option("--sandbox-only", null, "run the provider sandbox alone (port 7079)", (o, _) => o with { SandboxOnly = true }),
        new Option("--broker-only", null, "run a Kafka broker alone, in memory, on a free port that is printed", (o, _) =>
            o with { BrokerOnly = true }),
        new Option("--callback", "URL", "with --sandbox-only: where the webhooks are, unless a host tells it",
            (o, v) => o with { Callback = Address("--callback", v!) }),
        new Option("--import", "FILE", "put a file's recipients and subscriptions (.csv, or JSON Lines) into the tables",
            (o, v) => o with { Import = ExistingFile("--import", v!) }),
        new Option("--events", "FILE", "put a file's events on the topic and sum up what became of them",
            (o, v) => o with { Events = ExistingFile("--events", v!) }),
        new Option("--replay", "TOPIC[/P[@A-B]]", "decide records again, by the rules of now, and print what differs from the ledger; "
            + "nothing else is done", (o, v) => o with { Replay = Replay(v!) }),
        new Option("--exit", null, "with --events or --import: end afterwards, with 0 where everything is explained and nothing was faulty",
            (o, _) => o with { Exit = true }),
    };

    /// <summary>What does not go together, in a sentence.</summary>
    private static string? Misfit(LocalHostOptions options) => options switch
    {
        { Exit: true, Events: null, Import: null } => "--exit goes with --events FILE or --import FILE.",
        { Up: true, Kafka: not null } or { Up: true, Redis: not null } or { Up: true, Storage: not null } =>
            "--up starts all three backends: it goes without --kafka, --redis and --storage.",
        { Replay: not null, Kafka: null } or { Replay: not null, Storage: null } =>
            "--replay goes with --kafka and --storage: what is in memory has no past.",
        { Replay: not null } when options is not { Events: null, Import: null, Demo: false, Up: false } =>
            "--replay changes nothing: it goes without --events, --import, --demo and --up.",
        { Replay: not null, Functions: not null } => "--replay changes nothing: it goes without --functions.",
        { Worker: not null, Up: false } when options is not { Kafka: not null, Redis: not null, Storage: not null } =>
            "--worker process goes with --up, or with --kafka, --redis and --storage: another process cannot share what is in memory.",
        { Callback: not null, SandboxOnly: false } => "--callback goes with --sandbox-only.",
        { SandboxOnly: true } when options with { SandboxOnly = false, Callback = null, Port = 0 } != new LocalHostOptions { Port = 0 } =>
            "--sandbox-only goes with --port and --callback only.",
        { BrokerOnly: true } when options with { BrokerOnly = false } != new LocalHostOptions() =>
            "--broker-only goes with no other option.",
        _ => null,
    };

    private static int Port(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
            ? port
            : throw new UsageException($"--port is a number from 0 to 65535, not '{value}'.");

    private static string ExistingFile(string option, string value) =>
        File.Exists(value) ? value : throw new UsageException($"{option}: there is no file '{value}'.");

    private static string Worker(string value) =>
        string.Equals(value, "process", StringComparison.OrdinalIgnoreCase)
            ? "process" : throw new UsageException($"--worker is process, not '{value}'.");

    private static string Sandbox(string value) =>
        value.ToLowerInvariant() is "own" or "none" ? value.ToLowerInvariant() : Address("--sandbox", value);

    private static string Address(string option, string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? value.TrimEnd('/')
            : throw new UsageException($"{option} is an address such as http://localhost:7079, not '{value}'.");

    private static ReplayRange Replay(string value) =>
        ReplayRange.Parse(value)
            ?? throw new UsageException($"--replay is TOPIC, TOPIC/PARTITION or TOPIC/PARTITION@FROM-TO, not '{value}'.");

    private static string[] Names(string value)
    {
        var names = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names.Length > 0 ? names : throw new UsageException("--functions needs the name of at least one function.");
    }
}
