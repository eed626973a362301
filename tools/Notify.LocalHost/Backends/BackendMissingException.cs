namespace Notify.LocalHost.Backends;

/// <summary>A backend is not there: not installed, or not answering. The message says in a sentence what, and how to get it.</summary>
internal sealed class BackendMissingException : Exception
{
    /// <summary>Makes one without a message.</summary>
    public BackendMissingException()
    {
    }

    /// <summary>Makes one with a message for the person at the keyboard.</summary>
    public BackendMissingException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with its cause.</summary>
    public BackendMissingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
