namespace Notify.LocalHost.Hosting;

/// <summary>One option of the command line.</summary>
/// <param name="Name">With its two hyphens.</param>
/// <param name="Value">What follows it, as the help shows it: nothing, <c>VALUE</c>, or <c>[VALUE]</c> where it may be left out.</param>
/// <param name="Help">A line that says what it does.</param>
/// <param name="Apply">Puts it into the options; throws <see cref="UsageException"/> where the value is no good.</param>
internal sealed record CommandLineOption(
    string Name, string? Value, string Help, Func<LocalHostOptions, string?, LocalHostOptions> Apply)
{
    public bool TakesValue => Value is not null;

    public bool NeedsValue => Value is not null && Value[0] != '[';
}

/// <summary>The command line cannot be understood: one sentence for the person who wrote it.</summary>
public sealed class UsageException : Exception
{
    /// <summary>Makes one without a message.</summary>
    public UsageException()
    {
    }

    /// <summary>Makes one with the sentence.</summary>
    public UsageException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with the sentence and what is behind it.</summary>
    public UsageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
