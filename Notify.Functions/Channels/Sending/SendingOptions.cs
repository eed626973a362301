using System.ComponentModel.DataAnnotations;

namespace Notify.Functions.Channels.Sending;

/// <summary>How long a chunk of deliveries may take, and how long its claim keeps others from it.</summary>
public sealed class SendingOptions
{
    /// <summary>The settings section.</summary>
    public const string SectionName = "Notify:Sending";

    /// <summary>How long a chunk may take at the provider.</summary>
    /// <value>45 s</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:09:00")]
    public TimeSpan ChunkLimit { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>How much longer its claim lives: for recording, and for clocks that differ.</summary>
    /// <value>30 s</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ClaimMargin { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a claim lives: so long the deliveries of a process that dies wait.</summary>
    public TimeSpan ClaimLength => ChunkLimit + ClaimMargin;
}
