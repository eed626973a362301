using Notify.Functions.Contract;

namespace Notify.Functions.Templates;

/// <summary>What a message says, or why it cannot be said.</summary>
/// <param name="Content">The content; <see langword="null"/> where there is a fault.</param>
/// <param name="Fault">The reason of the delivery that is not sent.</param>
public sealed record Rendering(MessageContent? Content, string? Fault)
{
    /// <summary>The locale of the file that has the words; empty for the default one.</summary>
    public string Locale { get; init; } = string.Empty;

    /// <summary>A sentence about the fault, for who writes the template.</summary>
    public string? Detail { get; init; }

    /// <summary>A rendering that came to nothing.</summary>
    public static Rendering Failed(string reason, string detail) => new(Content: null, reason) { Detail = detail };
}
