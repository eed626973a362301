using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Notify.Functions.Contract;

namespace Notify.Functions.Sending;

/// <summary>What is promised of each priority, by its name.</summary>
public sealed class PrioritiesOptions : IValidatableObject
{
    /// <summary>The settings section.</summary>
    public const string SectionName = "Notify:Priorities";

    /// <summary>Critical notifications.</summary>
    [ConfigurationKeyName("critical")]
    public PriorityOptions Critical { get; set; } = new() { MaxLatency = TimeSpan.FromMilliseconds(500) };

    /// <summary>Notifications of high priority.</summary>
    [ConfigurationKeyName("high")]
    public PriorityOptions High { get; set; } = new() { MaxLatency = TimeSpan.FromSeconds(2) };

    /// <summary>Notifications of normal priority.</summary>
    [ConfigurationKeyName("normal")]
    public PriorityOptions Normal { get; set; } = new() { MaxLatency = TimeSpan.FromSeconds(5), BatchingAllowed = true };

    /// <summary>Notifications of low priority.</summary>
    [ConfigurationKeyName("low")]
    public PriorityOptions Low { get; set; } = new() { MaxLatency = TimeSpan.FromMinutes(1), BatchingAllowed = true };

    /// <summary>The settings of one priority.</summary>
    public PriorityOptions For(Priority priority) => priority switch
    {
        Priority.Critical => Critical,
        Priority.High => High,
        Priority.Normal => Normal,
        Priority.Low => Low,
        _ => throw new ArgumentOutOfRangeException(nameof(priority), priority, "Not a priority."),
    };

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var priority in Enum.GetValues<Priority>().Where(priority => priority.IsUrgent() && For(priority).BatchingAllowed))
        {
            yield return new ValidationResult(
                $"{priority.Name()}:{nameof(PriorityOptions.BatchingAllowed)} is true; critical and high notifications never wait for a "
                    + $"digest.");
        }
    }
}

/// <summary>What is promised of one priority.</summary>
public sealed class PriorityOptions
{
    /// <summary>
    /// How long it may take from when an event was accepted, or its delivery was due, until a provider has accepted it; what takes longer
    /// is counted as late.
    /// </summary>
    /// <value>Default: 500 ms for critical, 2 s for high, 5 s for normal, 60 s for low.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan MaxLatency { get; set; }

    /// <summary>Whether deliveries may wait for a digest, where <c>Notify:Batching</c> gathers them; never for critical and high.</summary>
    /// <value>Default: <see langword="true"/> for normal and low.</value>
    public bool BatchingAllowed { get; set; }
}
