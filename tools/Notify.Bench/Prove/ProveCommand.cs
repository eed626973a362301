using System.CommandLine;
using System.Globalization;
using Notify.LocalHost.Backends;
using Notify.LocalHost.FaultInjection;
using Notify.LocalHost.Hosting;
using Option = Notify.LocalHost.Hosting.CommandLineOption<Notify.Bench.Prove.ProveOptions>;

namespace Notify.Bench.Prove;

/// <summary>The command <c>prove</c>.</summary>
internal static class ProveCommand
{
    private const int CannotRun = 2;

    private const string About = """
        Proves that nothing is lost and nothing is sent twice, or finds where it is: real backends, several processes, things that go wrong.
        Needs redis-server, and Azurite in eng/azurite (eng/test.sh installs them). Ctrl-C ends the going wrong early,
        and judges. Ends with 0 where nothing was lost and nothing is unexplained, with 1 where something was, with 2 where it cannot run.
        """;

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var command = new Command("prove", About)
        {
            new Option("--minutes", "N", "for how long things go wrong (10); afterwards everything is mended, and judged when it has "
                + "come to an end", (o, v) => o with { Minutes = Number("--minutes", v!, 600) }),
            new Option("--seed", "N", "what happens when (a new one each time; it is printed)", (o, v) => o with { Seed = Seed(v!) }),
            new Option("--rate", "N", "events a second (36)", (o, v) => o with { Rate = Number("--rate", v!, 1000) }),
            new Option("--limit", "N", "requests a second that each provider gets (no limit)", (o, v) =>
                o with { Limit = Number("--limit", v!, 1000) }),
            new Option("--report", "FOLDER", "where report.md and report.json go (the current folder)", (o, v) => o with { Report = v! }),
            new Option("--break", "NAME", $"takes a guard away, to see that it is noticed (none): {string.Join(", ", GuardRemoval.All)}",
                (o, v) => o with { Break = Break(v!) }),
        };
        command.SetAction((parsed, _) => RunAsync(parsed.Apply(new ProveOptions())));
        return command;
    }

    private static async Task<int> RunAsync(ProveOptions options)
    {
        if (BackendProcesses.Missing() is { Count: > 0 } missing)
        {
            await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, missing));
            return CannotRun;
        }
        using var enough = new CancellationTokenSource();
        Console.CancelKeyPress += (_, press) =>
        {
            press.Cancel = true;
            enough.Cancel();
        };
        ProveReport report;
        try
        {
            report = await new ProveRun(options, Console.Out).RunAsync(enough.Token);
        }
        catch (BrokerGoneException gone)
        {
            await Console.Error.WriteLineAsync(gone.Message);
            return CannotRun;
        }
        Directory.CreateDirectory(options.Report);
        await File.WriteAllTextAsync(Path.Combine(options.Report, "report.md"), report.ToMarkdown(), CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(options.Report, "report.json"), report.ToJson(), CancellationToken.None);
        await Console.Out.WriteLineAsync();
        await Console.Out.WriteLineAsync(report.ToMarkdown());
        return report.IsProved ? 0 : 1;
    }

    private static double Number(string option, string value, int most) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= most
            ? number
            : throw new UsageException($"{option} is a number above 0, at most {most}, not '{value}'.");

    private static int Seed(string value) =>
        int.TryParse(value, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : throw new UsageException($"--seed is a whole number, not '{value}'.");

    private static string Break(string value) =>
        GuardRemoval.All.Contains(value, StringComparer.Ordinal)
            ? value
            : throw new UsageException($"--break is one of {string.Join(", ", GuardRemoval.All)}, not '{value}'.");
}
