using System.ComponentModel.DataAnnotations;
using Notify.Functions.Contract;

namespace Notify.Functions.Recipients.Profiles;

/// <summary>How recipients are remembered between two looks at the table.</summary>
public sealed class RecipientsOptions : IValidatableObject
{
    /// <summary>The settings section.</summary>
    public const string SectionName = "Notify:Recipients";

    /// <summary>
    /// How long a recipient may be remembered. What is changed through the API is seen at once all the same; this bounds only what is
    /// written into the table past it.
    /// </summary>
    /// <value>Default: one minute. Zero remembers nothing.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan CacheAge { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many recipients an instance remembers, about 1 KiB each.</summary>
    /// <value>Default: 20,000.</value>
    [Range(100, 1_000_000)]
    public int CacheSize { get; set; } = 20_000;

    /// <summary>
    /// The categories that nobody can opt out of, separated by commas. An event without a category has the name of its type for one.
    /// </summary>
    /// <value>Default: <c>transactional,security</c>.</value>
    public string RequiredCategories { get; set; } = "transactional,security";

    /// <summary><see cref="RequiredCategories"/>, one by one.</summary>
    public IReadOnlyList<string> Required =>
        RequiredCategories.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The zone of recipients whose profile names none, by its IANA name.</summary>
    /// <value>Default: <c>UTC</c>.</value>
    [Required]
    public string DefaultTimeZone { get; set; } = "UTC";

    /// <summary>Over how long deliveries are spread that may be sent when quiet hours end.</summary>
    /// <value>Default: ten minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan QuietHoursJitter { get; set; } = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var name in Required.Where(name => !AddressSyntax.IsId(name)))
        {
            yield return new ValidationResult($"{nameof(RequiredCategories)} names '{name}', which is no category.");
        }
        if (TimeZoneNames.Normalize(DefaultTimeZone) is null)
        {
            yield return new ValidationResult($"{nameof(DefaultTimeZone)} is '{DefaultTimeZone}', which is no time zone here.");
        }
    }
}
