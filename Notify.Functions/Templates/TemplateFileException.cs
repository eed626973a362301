namespace Notify.Functions.Templates;

/// <summary>A file of the templates that cannot be used. The message names the file, and the line where that is known.</summary>
internal sealed class TemplateFileException : Exception
{
    /// <summary>Makes one without a message.</summary>
    public TemplateFileException()
    {
    }

    /// <summary>Makes one with a message.</summary>
    public TemplateFileException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with a cause inside.</summary>
    public TemplateFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
