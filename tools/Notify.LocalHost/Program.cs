using Notify.LocalHost.Hosting;
using Notify.LocalHost.Runtime;

namespace Notify.LocalHost;

internal static class Program
{
    private const int CannotStart = 1;

    private static Task<int> Main(string[] args)
    {
        var command = CommandLine.Create();
        command.SetAction((_, _) => RunAsync(args));
        return command.RunAsync(args);
    }

    private static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var options = CommandLine.Parse(args);
            if (options.SandboxOnly)
            {
                await SandboxAlone.RunAsync(options, Console.Out);
                return 0;
            }
            if (options.BrokerOnly)
            {
                await BrokerAlone.RunAsync(Console.Out);
                return 0;
            }
            await using var app = await LocalHostApp.BuildAsync(args);
            return await app.RunAsync();
        }
        catch (StartupException fault)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return CannotStart;
        }
    }
}
