using Microsoft.Extensions.Options;
using Notify.LocalHost.Hosting;
using Notify.LocalHost.Runtime;

namespace Notify.LocalHost;

internal static class Program
{
    private const int CannotStart = 1;
    private const int CannotUnderstand = 2;

    private static async Task<int> Main(string[] args)
    {
        try
        {
            var options = CommandLine.Parse(args);
            if (options.Help)
            {
                await Console.Out.WriteAsync(CommandLine.Help);
                return 0;
            }
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
        catch (UsageException fault)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return CannotUnderstand;
        }
        catch (StartupException fault)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return CannotStart;
        }
        catch (OptionsValidationException fault)
        {
            await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, fault.Failures));
            return CannotStart;
        }
    }
}
