using System.ComponentModel.DataAnnotations;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Configuration;

namespace Notify.Functions.Recipients.Unsubscribe;

/// <summary>The links by which recipients of mail unsubscribe.</summary>
public sealed class UnsubscribeOptions : IValidatableObject
{
    /// <summary>The settings section.</summary>
    public const string SectionName = "Notify:Unsubscribe";

    /// <summary>The secret that signs links, at least 32 characters. Changing it makes every link invalid that it has signed.</summary>
    /// <value>Default: derived from <c>Notify:Identity:Key</c>.</value>
    [MinLength(32)]
    public string? Key { get; set; }

    /// <summary>How long a link works. Laws ask for 30 days and more.</summary>
    /// <value>Default: 90 days.</value>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// The categories that the page offers to every recipient, separated by commas; the mail's own, and those that the recipient has chosen
    /// about, are there too.
    /// </summary>
    /// <value>Default: none.</value>
    public string Categories { get; set; } = string.Empty;

    /// <summary>Where the service is reached from outside. Without it mails have no links.</summary>
    /// <value>The setting <c>Notify:PublicBaseUrl</c>.</value>
    public string? PublicBaseUrl { get; internal set; }

    /// <summary><see cref="Categories"/>, one by one.</summary>
    public IReadOnlyList<string> Offered => Categories.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var name in Offered.Where(name => !AddressSyntax.IsId(name)))
        {
            yield return new ValidationResult($"{nameof(Categories)} names '{name}', which is no category.");
        }
        if (PublicBaseUrl is { Length: > 0 } url
            && !(Uri.TryCreate(url, UriKind.Absolute, out var parsed)
                && (parsed.Scheme == Uri.UriSchemeHttps || parsed.Scheme == Uri.UriSchemeHttp)))
        {
            yield return new ValidationResult($"{PublicAddressOptions.Key} is not an absolute http or https address.");
        }
    }
}
