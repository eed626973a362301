using System.CommandLine;

namespace Notify.LocalHost.Hosting;

/// <summary>What our command lines have in common: names in any case, and of a fault one sentence.</summary>
internal static class CommandLineReader
{
    private static readonly ParserConfiguration Reading = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    // Faults and Ctrl-C are left to the command.
    private static readonly InvocationConfiguration Running =
        new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };

    /// <summary>Does what the arguments ask for, and returns the exit code: 2 where they cannot be understood.</summary>
    public static async Task<int> RunAsync(this RootCommand command, IReadOnlyList<string> args)
    {
        command.HelpName = $"dotnet run --project tools/{command.Name} --";
        try
        {
            return await command.Read(args).InvokeAsync(Running);
        }
        catch (UsageException fault)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return 2;
        }
    }

    /// <summary>Reads the arguments. What no option takes is not repeated in full: it may be a secret.</summary>
    /// <exception cref="UsageException">They hold what no option or command is for.</exception>
    public static ParseResult Read(this Command command, IReadOnlyList<string> args)
    {
        Option[] options = [.. command.Options, .. command.Subcommands.SelectMany(sub => sub.Options)];
        var parsed = command.Parse([.. args.Select(arg => AsNamed(options, arg))], Reading);
        return parsed.Errors is not [var fault, ..]
            ? parsed
            : throw new UsageException(parsed.UnmatchedTokens is [var stray, ..]
            ? $"'{stray.Split('=')[0]}' makes no sense there; --help shows what does."
            : fault.Message);
    }

    /// <summary>What the options that were given make of <paramref name="options"/>.</summary>
    /// <exception cref="UsageException">A value is missing or no good.</exception>
    public static T Apply<T>(this ParseResult parsed, T options) =>
        parsed.CommandResult.Command.Options.OfType<CommandLineOption<T>>().Select(parsed.GetValue).OfType<Func<T, T>>()
            .Aggregate(options, (made, apply) => apply(made));

    /// <summary>An argument with the name of its option as it is declared.</summary>
    private static string AsNamed(Option[] options, string arg)
    {
        if (!arg.StartsWith("--", StringComparison.Ordinal))
        {
            return arg;
        }
        var name = arg.Split('=', ':')[0];
        var option = Array.Find(options, o => string.Equals(o.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new UsageException($"There is no option '{name}'; --help shows what there is.");
        return arg == name || option.Arity.MaximumNumberOfValues > 0
            ? option.Name + arg[name.Length..]
            : throw new UsageException($"{option.Name} takes no value.");
    }
}

/// <summary>The command line cannot be understood: one sentence for the person who wrote it.</summary>
internal sealed class UsageException(string message) : Exception(message);
