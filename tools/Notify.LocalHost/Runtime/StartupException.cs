namespace Notify.LocalHost.Runtime;

/// <summary>Why the local host cannot start: one sentence for the person who started it, without a stack trace.</summary>
internal sealed class StartupException : Exception
{
    /// <summary>Makes one without a message.</summary>
    public StartupException()
    {
    }

    /// <summary>Makes one with the sentence.</summary>
    public StartupException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with the sentence and what is behind it.</summary>
    public StartupException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
