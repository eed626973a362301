using System.Globalization;
using System.Text;
using Notify.LocalHost.Replay;

namespace Notify.LocalHost.Hosting;

/// <summary>Reads the command line. Every option has one entry in the table, from which the help is made too.</summary>
public static class CommandLine
{
    private static readonly CommandLineOption[] Options =
    [
        new("--port", "PORT", "listen on this port (7071); 0 takes a free one", (o, v) => o with { Port = Port(v!) }),
        new("--functions", "A,B", "load only these functions", (o, v) => o with { Functions = Names(v!) }),
        new("--enableAuth", null, "ask callers for the key that is printed at start", (o, _) => o with { EnableAuth = true }),
        new("--kafka", "[HOST:PORT]", "use a real Kafka; without a value, that of the settings", (o, v) => o with { Kafka = new(v) }),
        new("--redis", "[HOST:PORT]", "use a real Redis; without a value, that of the settings", (o, v) => o with { Redis = new(v) }),
        new("--storage", "[CONNECTION]", "use real Azure Storage or Azurite; without a value, that of the settings", (o, v) => o with { Storage = new(v) }),
        new("--up", null, "start a Kafka, Redis and Azurite of its own, and stop them at the end", (o, _) => o with { Up = true }),
        new("--demo", null, "put the demo recipients on real storage too", (o, _) => o with { Demo = true }),
        new("--sandbox", "own|URL|none", "use a provider sandbox in a process of its own, one that runs there, or the real providers of the settings", (o, v) => o with { Sandbox = Sandbox(v!) }),
        new("--sandbox-only", null, "run the provider sandbox alone (port 7079)", (o, _) => o with { SandboxOnly = true }),
        new("--broker-only", null, "run a Kafka broker alone, in memory, on a free port that is printed", (o, _) => o with { BrokerOnly = true }),
        new("--callback", "URL", "with --sandbox-only: where the webhooks are, unless a host tells it", (o, v) => o with { Callback = Address("--callback", v!) }),
        new("--import", "FILE", "put a file's recipients and subscriptions (.csv, or JSON Lines) into the tables", (o, v) => o with { Import = ExistingFile("--import", v!) }),
        new("--events", "FILE", "put a file's events on the topic and sum up what became of them", (o, v) => o with { Events = ExistingFile("--events", v!) }),
        new("--replay", "TOPIC[/P[@A-B]]", "decide records again, by the rules of now, and print what differs from the ledger; nothing else is done", (o, v) => o with { Replay = Replay(v!), Functions = [NoTrigger] }),
        new("--exit", null, "with --events or --import: end afterwards, with 0 where everything is explained and nothing was faulty", (o, _) => o with { Exit = true }),
        new("--help", null, "show this", (o, _) => o with { Help = true }),
    ];

    // Something has to be loaded; this one does nothing by itself.
    private const string NoTrigger = "HealthLive";

    private const string Notes = """

        Without options everything is in memory: topics, queues, tables, cache and the providers. --kafka, --redis and --storage go together in any
        combination; a setting alone switches nothing. Whatever the backends are, nothing is sent for real but with --sandbox none: otherwise the
        sandbox's settings win over the providers' own. Several processes over the same real backends share one sandbox: --sandbox URL.
        More: docs/local-host.md.

        """;

    /// <summary>What <c>--help</c> shows.</summary>
    public static string Help
    {
        get
        {
            var text = new StringBuilder("Runs the notification service in one process, for development, tests and measurement.\n\n");
            text.Append("  dotnet run --project Notify.LocalHost -- [options]\n\n");
            foreach (var option in Options)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {$"{option.Name} {option.Value}",-24}{option.Help}\n");
            }
            text.Append(Notes);
            return text.ToString();
        }
    }

    /// <summary>Reads arguments such as <c>--port 7072</c> or <c>--port=7072</c>.</summary>
    /// <exception cref="UsageException">There is no such option, or its value is missing or no good.</exception>
    public static LocalHostOptions Parse(IReadOnlyList<string> args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var options = new LocalHostOptions();
        for (var i = 0; i < args.Count; i++)
        {
            var (name, value) = Split(args[i]);
            var option = Array.Find(Options, o => string.Equals(o.Name, name, StringComparison.OrdinalIgnoreCase))
                ?? throw new UsageException($"There is no option '{name}'; --help shows what there is.");
            if (value is null && option.TakesValue && i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal))
            {
                value = args[++i];
            }
            if (value is null && option.NeedsValue)
            {
                throw new UsageException($"{option.Name} needs a value: {option.Name} {option.Value}.");
            }
            if (value is not null && !option.TakesValue)
            {
                throw new UsageException($"{option.Name} takes no value.");
            }
            options = option.Apply(options, value);
        }
        return Misfit(options) is { } misfit ? throw new UsageException(misfit) : options;
    }

    /// <summary>What does not go together, in a sentence.</summary>
    private static string? Misfit(LocalHostOptions options) => options switch
    {
        { Exit: true, Events: null, Import: null } => "--exit goes with --events FILE or --import FILE.",
        { Up: true, Kafka: not null } or { Up: true, Redis: not null } or { Up: true, Storage: not null } =>
            "--up starts all three backends: it goes without --kafka, --redis and --storage.",
        { Replay: not null, Kafka: null } or { Replay: not null, Storage: null } => "--replay goes with --kafka and --storage: what is in memory has no past.",
        { Replay: not null, Events: not null } or { Replay: not null, Import: not null } or { Replay: not null, Demo: true } or { Replay: not null, Up: true } =>
            "--replay changes nothing: it goes without --events, --import, --demo and --up.",
        { Replay: not null, Functions: not [NoTrigger] } => "--replay changes nothing: it goes without --functions.",
        { Callback: not null, SandboxOnly: false } => "--callback goes with --sandbox-only.",
        { SandboxOnly: true } when options with { SandboxOnly = false, Callback = null, Port = 0 } != new LocalHostOptions { Port = 0 } =>
            "--sandbox-only goes with --port and --callback only.",
        { BrokerOnly: true } when options with { BrokerOnly = false } != new LocalHostOptions() => "--broker-only goes with no other option.",
        _ => null,
    };

    private static (string Name, string? Value) Split(string arg)
    {
        var equals = arg.StartsWith("--", StringComparison.Ordinal) ? arg.IndexOf('=', StringComparison.Ordinal) : -1;
        return equals < 0 ? (arg, null) : (arg[..equals], arg[(equals + 1)..]);
    }

    private static int Port(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
            ? port
            : throw new UsageException($"--port is a number from 0 to 65535, not '{value}'.");

    private static string ExistingFile(string option, string value) => File.Exists(value) ? value : throw new UsageException($"{option}: there is no file '{value}'.");

    private static string Sandbox(string value) => value.ToLowerInvariant() is "own" or "none" ? value.ToLowerInvariant() : Address("--sandbox", value);

    private static string Address(string option, string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            ? value.TrimEnd('/')
            : throw new UsageException($"{option} is an address such as http://localhost:7079, not '{value}'.");

    private static ReplayRange Replay(string value) =>
        ReplayRange.Parse(value) ?? throw new UsageException($"--replay is TOPIC, TOPIC/PARTITION or TOPIC/PARTITION@FROM-TO, not '{value}'.");

    private static string[] Names(string value)
    {
        var names = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names.Length > 0 ? names : throw new UsageException("--functions needs the name of at least one function.");
    }
}
