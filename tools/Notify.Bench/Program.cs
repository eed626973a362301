using System.CommandLine;
using Notify.Bench.Prove;
using Notify.LocalHost.Hosting;

namespace Notify.Bench;

internal static class Program
{
    private static Task<int> Main(string[] args) =>
        new RootCommand("Measures the notification service, and says what it found.") { ProveCommand.Create() }
            .RunAsync(args is [] ? ["--help"] : args);
}
