using System.Globalization;
using System.Text;

namespace Notify.LocalHost.Hosting;

/// <summary>Reads the command line. Every option has one entry in the table, from which the help is made too.</summary>
public static class CommandLine
{
    private static readonly CommandLineOption[] Options =
    [
        new("--port", "PORT", "listen on this port (7071); 0 takes a free one", (o, v) => o with { Port = Port(v!) }),
        new("--functions", "A,B", "load only these functions", (o, v) => o with { Functions = Names(v!) }),
        new("--enableAuth", null, "ask callers for the key that is printed at start", (o, _) => o with { EnableAuth = true }),
        CommandLineOption.NotYet("--kafka", "[HOST:PORT]", "use a real Kafka; without a value, that of the settings"),
        CommandLineOption.NotYet("--redis", "[HOST:PORT]", "use a real Redis; without a value, that of the settings"),
        CommandLineOption.NotYet("--storage", "[CONNECTION]", "use real Azure Storage or Azurite; without a value, that of the settings"),
        CommandLineOption.NotYet("--up", null, "start real Kafka, Redis and Azurite, and stop them at the end"),
        CommandLineOption.NotYet("--demo", null, "put the demo recipients on real backends too"),
        CommandLineOption.NotYet("--sandbox", "own|URL", "use a provider sandbox in another process"),
        CommandLineOption.NotYet("--sandbox-only", null, "run the provider sandbox alone"),
        new("--events", "FILE", "put a file's events on the topic and sum up what became of them", (o, v) => o with { Events = ExistingFile(v!) }),
        new("--exit", null, "with --events: end afterwards, with 0 where everything is explained", (o, _) => o with { Exit = true }),
        new("--help", null, "show this", (o, _) => o with { Help = true }),
    ];

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
            text.Append("\nWithout options everything is in memory: topics, queues, tables, cache and the providers.\n");
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
        return options.Exit && options.Events is null ? throw new UsageException("--exit goes with --events FILE.") : options;
    }

    private static (string Name, string? Value) Split(string arg)
    {
        var equals = arg.StartsWith("--", StringComparison.Ordinal) ? arg.IndexOf('=', StringComparison.Ordinal) : -1;
        return equals < 0 ? (arg, null) : (arg[..equals], arg[(equals + 1)..]);
    }

    private static int Port(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
            ? port
            : throw new UsageException($"--port is a number from 0 to 65535, not '{value}'.");

    private static string ExistingFile(string value) => File.Exists(value) ? value : throw new UsageException($"--events: there is no file '{value}'.");

    private static string[] Names(string value)
    {
        var names = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names.Length > 0 ? names : throw new UsageException("--functions needs the name of at least one function.");
    }
}
