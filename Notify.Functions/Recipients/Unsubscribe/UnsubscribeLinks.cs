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
/// Makes and reads the links in mails: <c>{base}/api/unsubscribe/{what}.{signature}</c>, HMAC-SHA-256 over what they say. They name the recipient by
/// the hash of their row, and so nobody.
/// </summary>
public sealed class UnsubscribeLinks(
    IOptions<UnsubscribeOptions> options, IOptions<RecipientsOptions> recipients, IOptions<IdentityOptions> identity, RecipientRows rows, TimeProvider time)
{
    private const string Version = "1";
    private const int LongestToken = 512;

    // The first one signs; links that were signed by the derived one, before there was a key of their own, stay good.
    private readonly IReadOnlyList<byte[]> _keys =
    [
        .. options.Value.Key is { Length: > 0 } own ? [Encoding.UTF8.GetBytes(own)] : Array.Empty<byte[]>(),
        HMACSHA256.HashData(identity.Value.KeyBytes(), "unsubscribe links"u8),
    ];

    /// <summary>
    /// The link of a message to a recipient; <see langword="null"/> where there is nothing to unsubscribe from: what is transactional or required,
    /// other channels than email, a service that nobody reaches from outside.
    /// </summary>
    public Uri? For(EventType type, string? category, Channel channel, string? tenant, string recipient)
    {
        var refusable = PreferenceRules.CategoryOf(type, category);
        return type == EventType.Transactional || channel != Channel.Email || recipients.Value.Required.Contains(refusable, StringComparer.Ordinal)
            || options.Value.PublicBaseUrl is not { Length: > 0 } address
            ? null
            : new Uri($"{address.TrimEnd('/')}/api/unsubscribe/{Token(rows.HashOf(tenant, recipient), refusable)}");
    }

    /// <summary>Reads a link's token.</summary>
    public (UnsubscribeVerdict Verdict, UnsubscribeLink? Link) Read(string token)
    {
        if (token.Length > LongestToken || token.Split('.') is not [var said, var signature]
            || !TryDecode(said, out var text) || !TryDecode(signature, out var given) || !_keys.Any(key => CryptographicOperations.FixedTimeEquals(given, Sign(said, key)))
            || Encoding.UTF8.GetString(text).Split('|') is not [Version, var hash, var category, var until]
            || !long.TryParse(until, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return (UnsubscribeVerdict.Forged, null);
        }
        return DateTimeOffset.FromUnixTimeSeconds(seconds) <= time.GetUtcNow()
            ? (UnsubscribeVerdict.Expired, null)
            : (UnsubscribeVerdict.Valid, new UnsubscribeLink(hash, category));
    }

    private string Token(string hash, string category)
    {
        var until = (time.GetUtcNow() + options.Value.Lifetime).ToUnixTimeSeconds();
        var said = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Version}|{hash}|{category}|{until}")));
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
/// <param name="Category">The category of the mail.</param>
public sealed record UnsubscribeLink(string RecipientHash, string Category);

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
