using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Rules;

namespace Notify.Functions.Recipients.Unsubscribe;

/// <summary>
/// Makes and reads the links in mails: <c>{base}/api/unsubscribe/{what}.{signature}</c>, HMAC-SHA-256 over what they say. They name the
/// recipient by the hash of their row, and so nobody.
/// </summary>
public sealed class UnsubscribeLinks(
    IOptions<UnsubscribeOptions> options, IOptions<RecipientsOptions> recipients, IOptions<IdentityOptions> identity, RecipientRows rows,
    TimeProvider time)
{
    private const string Version = "1";

    // A link that names several categories. An older version calls it forged, rather than do a part of it.
    private const string SeveralVersion = "2";
    private const char Separator = ',';
    private const int LongestToken = 512;

    // A header line has at most 998 characters (RFC 5322), and the token is a third longer than what it says.
    private const int CategoriesLength = 300;

    // The first one signs; links that were signed by the derived one, before there was a key of their own, stay good.
    private readonly IReadOnlyList<byte[]> _keys =
    [
        .. options.Value.Key is { Length: > 0 } own ? [Encoding.UTF8.GetBytes(own)] : Array.Empty<byte[]>(),
        HMACSHA256.HashData(identity.Value.KeyBytes(), "unsubscribe links"u8),
    ];

    /// <summary>
    /// The link of a message to a recipient; <see langword="null"/> where there is nothing to unsubscribe from: what is transactional or
    /// required, other channels than email, a service that nobody reaches from outside.
    /// </summary>
    public Uri? For(EventType type, string? category, Channel channel, string? tenant, string recipient) =>
        type == EventType.Transactional ? null : Link([PreferenceRules.CategoryOf(type, category)], channel, tenant, recipient);

    /// <summary>The link of a digest: it offers the categories of what the digest shows.</summary>
    public Uri? For(IEnumerable<DigestEntry> entries, Channel channel, string? tenant, string recipient) =>
        Link(CategoriesOf(entries), channel, tenant, recipient);

    /// <summary>The categories of what a digest shows, each once.</summary>
    internal static IReadOnlyList<string> CategoriesOf(IEnumerable<DigestEntry> entries) =>
        [.. entries.Select(entry => PreferenceRules.CategoryOf(entry.Type, entry.Category)).Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)];

    /// <summary>Whether one link can name so many categories.</summary>
    internal static bool CanName(IReadOnlyCollection<string> categories) =>
        categories.Sum(category => category.Length + 1) <= CategoriesLength;

    private Uri? Link(IReadOnlyList<string> categories, Channel channel, string? tenant, string recipient)
    {
        var refusable = categories.Except(recipients.Value.Required, StringComparer.Ordinal).ToList();
        return channel != Channel.Email || refusable.Count == 0 || options.Value.PublicBaseUrl is not { Length: > 0 } address
            ? null
            : new Uri($"{address.TrimEnd('/')}/api/unsubscribe/{Token(rows.HashOf(tenant, recipient), refusable)}");
    }

    /// <summary>Reads a link's token.</summary>
    public (UnsubscribeVerdict Verdict, UnsubscribeLink? Link) Read(string token)
    {
        if (token.Length > LongestToken || token.Split('.') is not [var said, var signature]
            || !TryDecode(said, out var text) || !TryDecode(signature, out var given)
            || !_keys.Any(key => CryptographicOperations.FixedTimeEquals(given, Sign(said, key)))
            || Encoding.UTF8.GetString(text).Split('|') is not [Version or SeveralVersion, var hash, var categories, var until]
            || !long.TryParse(until, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return (UnsubscribeVerdict.Forged, null);
        }
        return DateTimeOffset.FromUnixTimeSeconds(seconds) <= time.GetUtcNow()
            ? (UnsubscribeVerdict.Expired, null)
            : (UnsubscribeVerdict.Valid, new UnsubscribeLink(hash, categories.Split(Separator)));
    }

    private string Token(string hash, IReadOnlyList<string> categories)
    {
        var until = (time.GetUtcNow() + options.Value.Lifetime).ToUnixTimeSeconds();
        var version = categories.Count == 1 ? Version : SeveralVersion;
        var said = Base64Url.EncodeToString(
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
                $"{version}|{hash}|{string.Join(Separator, categories)}|{until}")));
        return $"{said}.{Base64Url.EncodeToString(Sign(said, _keys[0]))}";
    }

    private static byte[] Sign(string said, byte[] key) => HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(said));

    // Only what encodes back to the same text: one token has one form.
    private static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = [];
        if (!Base64Url.IsValid(text))
        {
            return false;
        }
        bytes = Base64Url.DecodeFromChars(text);
        return string.Equals(Base64Url.EncodeToString(bytes), text, StringComparison.Ordinal);
    }
}

/// <summary>What a genuine link says.</summary>
/// <param name="RecipientHash">The row of the recipient.</param>
/// <param name="Categories">The categories of the mail: one, or those of what a digest shows.</param>
public sealed record UnsubscribeLink(string RecipientHash, IReadOnlyList<string> Categories);

/// <summary>What became of reading a link.</summary>
public enum UnsubscribeVerdict
{
    /// <summary>Genuine, and its time is not over.</summary>
    Valid,

    /// <summary>Genuine, but its time is over.</summary>
    Expired,

    /// <summary>Not ours, or changed.</summary>
    Forged,
}
