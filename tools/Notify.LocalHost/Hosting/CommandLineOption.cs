using System.CommandLine;

namespace Notify.LocalHost.Hosting;

/// <summary>One option of a command line. Its value is what it does to <typeparamref name="T"/>, what the command line asks for.</summary>
internal sealed class CommandLineOption<T> : Option<Func<T, T>>
{
    /// <summary>Takes no value, a <c>VALUE</c>, or a <c>[VALUE]</c> that may be left out. Of several values the last counts.</summary>
    public CommandLineOption(string name, string? value, string help, Func<T, string?, T> apply)
        : base(name)
    {
        var needed = value is not (null or ['[', ..]);
        (Description, HelpName) = (help, needed ? value : value?[1..^1]);
        Arity = value is null ? ArgumentArity.Zero : ArgumentArity.ZeroOrMore;
        CustomParser = given => given.Tokens is [.., var last] ? options => apply(options, last.Value)
            : needed ? _ => throw new UsageException($"{name} needs a value: {name} {value}.")
            : options => apply(options, null);
    }
}
