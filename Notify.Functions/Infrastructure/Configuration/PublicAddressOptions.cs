namespace Notify.Functions.Infrastructure.Configuration;

/// <summary>Where the service is reached from outside: the options of features that need it take it over from here.</summary>
internal sealed class PublicAddressOptions
{
    /// <summary>The settings section.</summary>
    public const string SectionName = "Notify";

    /// <summary>The setting's name.</summary>
    public const string Key = SectionName + ":" + nameof(PublicBaseUrl);

    /// <summary>
    /// Where providers reach the webhooks (signatures cover it), and recipients the unsubscribe links; without it mails have none.
    /// </summary>
    /// <value>None.</value>
    public string? PublicBaseUrl { get; set; }
}
