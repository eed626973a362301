using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Notify.Functions.Contract;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>
/// How long a chunk of deliveries may take, how long its claim keeps others from it, and when what was not accepted is tried again.
/// </summary>
public sealed class SendingOptions : IValidatableObject
{
    private const int MostRetries = 20;

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

    /// <summary>
    /// The pauses between the attempts of normal and low events, separated by commas; after the last one a delivery has failed.
    /// </summary>
    /// <value>10 s, 1 min, 5 min, 30 min, 2 h</value>
    public string RetryBulk { get; set; } = "00:00:10,00:01:00,00:05:00,00:30:00,02:00:00";

    /// <summary>
    /// The same for critical and high events: what is urgent is worth little later, so it is tried sooner and fewer times.
    /// </summary>
    /// <value>2 s, 10 s, 1 min, 5 min</value>
    public string RetryUrgent { get; set; } = "00:00:02,00:00:10,00:01:00,00:05:00";

    /// <summary>
    /// How long normal and low deliveries wait while the circuits of all providers are open, before they are dead letters.
    /// </summary>
    /// <value>1 day</value>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan PatienceBulk { get; set; } = TimeSpan.FromDays(1);

    /// <summary>The same for critical and high ones.</summary>
    /// <value>1 h</value>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan PatienceUrgent { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long deliveries of a priority wait for a provider.</summary>
    public TimeSpan Patience(Priority priority) => priority.IsUrgent() ? PatienceUrgent : PatienceBulk;

    /// <summary>How long a claim lives: so long the deliveries of a process that dies wait.</summary>
    public TimeSpan ClaimLength => ChunkLimit + ClaimMargin;

    /// <summary>
    /// The pauses of a list; <see langword="null"/> where one is no time between a second and a day. An empty list tries once.
    /// </summary>
    internal static IReadOnlyList<TimeSpan>? Pauses(string list)
    {
        var pauses = new List<TimeSpan>();
        foreach (var text in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var pause) || pause < TimeSpan.FromSeconds(1)
                || pause > RetryPolicy.MaxPause)
            {
                return null;
            }
            pauses.Add(pause);
        }
        return pauses;
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, list) in new[] { (nameof(RetryBulk), RetryBulk), (nameof(RetryUrgent), RetryUrgent) })
        {
            if (Pauses(list) is not { Count: <= MostRetries })
            {
                yield return new ValidationResult(
                    string.Create(CultureInfo.InvariantCulture,
                        $"{name} is a list of at most {MostRetries} pauses, each from 00:00:01 to 1.00:00:00, separated by commas."));
            }
        }
    }
}
