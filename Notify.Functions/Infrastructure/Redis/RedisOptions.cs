using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Notify.Functions.Infrastructure.Redis;

/// <summary>
/// Where Redis is, and how long the service waits for it. It is a fast path: better early without an answer than late with one.
/// </summary>
internal sealed class RedisOptions
{
    /// <summary>The section of the settings.</summary>
    public const string SectionName = "Notify:Redis";

    /// <summary>
    /// A connection string as StackExchange.Redis reads it, <c>HOST:PORT[,password=…][,ssl=true]</c>. Its own time limits, and
    /// <c>abortConnect</c>, are replaced by those below. May hold a secret.
    /// </summary>
    /// <value>None.</value>
    public string? ConnectionString { get; set; }

    /// <summary>
    /// <c>HOST:PORT</c> of an Azure Managed Redis to which the app signs in by Microsoft Entra, over TLS. Ignored where
    /// <see cref="ConnectionString"/> is set.
    /// </summary>
    /// <value>None.</value>
    public string? Endpoint { get; set; }

    /// <summary>How long to wait for a connection.</summary>
    /// <value>2 s</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a round trip may take, connecting included, before the service goes on without it.</summary>
    /// <value>1 s</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// After how long without one answer the connection is thrown away and made anew. The client reconnects by itself when a connection
    /// breaks; this is for one that went silent, which TCP notices only after a quarter of an hour.
    /// </summary>
    /// <value>10 s</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:15:00")]
    public TimeSpan ReplaceConnectionAfter { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>What has to be set where Redis is used. Names the faulty key.</summary>
internal sealed class RedisOptionsCheck : IValidateOptions<RedisOptions>
{
    public ValidateOptionsResult Validate(string? name, RedisOptions options) => options switch
    {
        { ConnectionString: { } connection } =>
            Readable(nameof(options.ConnectionString), connection, "a connection string as StackExchange.Redis reads it"),
        { Endpoint: { } endpoint } => Readable(nameof(options.Endpoint), endpoint, "HOST:PORT"),
        _ => ValidateOptionsResult.Fail(
            $"{RedisOptions.SectionName}:{nameof(options.ConnectionString)} is missing: a connection string, "
                + $"or {nameof(options.Endpoint)} (HOST:PORT) to sign in by Microsoft Entra."),
    };

    // The client's own complaint may quote a secret.
    private static ValidateOptionsResult Readable(string setting, string value, string expected)
    {
        try
        {
            if (ConfigurationOptions.Parse(value).EndPoints.Count > 0)
            {
                return ValidateOptionsResult.Success;
            }
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException)
        {
            // Said below.
        }
        return ValidateOptionsResult.Fail($"{RedisOptions.SectionName}:{setting} is not {expected}.");
    }
}
