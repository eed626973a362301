using System.ComponentModel.DataAnnotations;

namespace Notify.Functions.Recovery;

/// <summary>How dead letters are sent again.</summary>
public sealed class DeadLettersOptions
{
    /// <summary>The settings section.</summary>
    public const string SectionName = "Notify:DeadLetters";

    /// <summary>
    /// How many letters of one request become visible to the channels per second, so that what was mended is not overrun.
    /// </summary>
    /// <value>Default: 50.</value>
    [Range(1, 10_000)]
    public int RedrivePerSecond { get; set; } = 50;
}
