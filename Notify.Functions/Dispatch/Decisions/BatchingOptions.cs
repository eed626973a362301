using System.ComponentModel.DataAnnotations;
using NCrontab;
using Notify.Functions.Contract;
using Notify.Functions.Sending;

namespace Notify.Functions.Dispatch.Decisions;

/// <summary>What is gathered into digests, and how.</summary>
public sealed class BatchingOptions : IValidatableObject
{
    /// <summary>The settings section.</summary>
    public const string SectionName = "Notify:Batching";

    /// <summary>Whether anything is gathered; what was gathered before still goes out.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>When digests are built, as an NCRONTAB expression of six fields.</summary>
    /// <value>Default: every five minutes, <c>0 */5 * * * *</c>.</value>
    [Required]
    public string Schedule { get; set; } = "0 */5 * * * *";

    /// <summary>How long a window is. Windows begin at whole multiples of it, in UTC.</summary>
    /// <value>Default: five minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How many items one digest takes; more make a next one. A transaction of the ledger sets the limit.</summary>
    /// <value>Default: 50.</value>
    [Range(2, 90)]
    public int MaxBatchSize { get; set; } = 50;

    /// <summary>The channels that have digests, separated by commas.</summary>
    /// <value>Default: <c>email,in_app</c>.</value>
    public string Channels { get; set; } = "email,in_app";

    /// <summary>The priorities that may wait for a digest, separated by commas; critical and high never may.</summary>
    /// <value>Default: <c>low,normal</c>.</value>
    public string Priorities { get; set; } = "low,normal";

    /// <summary>Which priorities may wait for a digest at all: what is listed here and not allowed there does not wait.</summary>
    internal PrioritiesOptions Allowed { get; set; } = new();

    /// <summary>Whether deliveries of this kind wait for a digest.</summary>
    public bool Takes(EventType type, Priority priority, Channel channel) =>
        Enabled && type != EventType.Transactional && !priority.IsUrgent() && Allowed.For(priority).BatchingAllowed
        && Split(Priorities).Contains(priority.Name(), StringComparer.Ordinal)
        && Split(Channels).Contains(channel.Name(), StringComparer.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (CrontabSchedule.TryParse(Schedule, new CrontabSchedule.ParseOptions { IncludingSeconds = true }) is null)
        {
            yield return new ValidationResult($"{nameof(Schedule)} is '{Schedule}', which is not an NCRONTAB expression of six fields.");
        }
        foreach (var name in Split(Channels).Where(name => !ContractNames.TryParse(name, out Channel _)))
        {
            yield return new ValidationResult(
                $"{nameof(Channels)} names '{name}', which is not a channel; there "
                    + $"are {string.Join(", ", ContractNames.Channels.Select(channel => channel.Name()))}.");
        }
        foreach (var name in Split(Priorities).Where(name => !ContractNames.TryParse(name, out Priority priority) || priority.IsUrgent()))
        {
            yield return new ValidationResult($"{nameof(Priorities)} names '{name}'; only normal and low may wait.");
        }
    }

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
