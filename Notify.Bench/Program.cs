using Notify.Bench.Prove;
using Notify.LocalHost.Backends;

namespace Notify.Bench;

internal static class Program
{
    private const int CannotRun = 2;

    private static async Task<int> Main(string[] args)
    {
        if (args is not ["prove", .. var rest])
        {
            await Console.Out.WriteLineAsync(ProveOptions.Help);
            return args is [] or ["--help"] ? 0 : CannotRun;
        }
        if (rest is ["--help"])
        {
            await Console.Out.WriteLineAsync(ProveOptions.Help);
            return 0;
        }
        var (options, fault) = ProveOptions.Parse(rest);
        if (options is null)
        {
            await Console.Error.WriteLineAsync(fault);
            return CannotRun;
        }
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
}
