using Microsoft.Extensions.Options;
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
        catch (Exception fault) when (FaultySettings(fault) is { Count: > 0 } failures)
        {
            await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, failures));
            return CannotStart;
        }
    }

    /// <summary>What is wrong with the settings, a sentence each; several classes of options fail at once as one exception of all.</summary>
    private static IReadOnlyList<string> FaultySettings(Exception fault) => fault switch
    {
        OptionsValidationException one => [.. one.Failures],
        AggregateException all when all.InnerExceptions.All(inner => inner is OptionsValidationException) => [.. all.InnerExceptions.SelectMany(FaultySettings)],
        _ => [],
    };
}
