using System.Text.Json.Serialization;
using Notify.Functions.Contract;
using Notify.Functions.Recipients.Preferences;

namespace Notify.Functions.Recipients.Profiles;

/// <summary>Who a recipient is and how to reach them.</summary>
public sealed record RecipientProfile
{
    /// <summary>The id that producers use.</summary>
    public required string Id { get; init; }

    /// <summary>The tenant, if any.</summary>
    public string? Tenant { get; init; }

    /// <summary>The email address.</summary>
    public string? Email { get; init; }

    /// <summary>The phone number in E.164.</summary>
    public string? Phone { get; init; }

    /// <summary>The recipient's devices.</summary>
    public IReadOnlyList<PushToken> PushTokens { get; init; } = [];

    /// <summary>The language and region, such as <c>de-AT</c>.</summary>
    public string? Locale { get; init; }

    /// <summary>The IANA name of the time zone, such as <c>Europe/Vienna</c>.</summary>
    public string? TimeZone { get; init; }

    /// <summary>What else is known of the recipient.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What the recipient has chosen. Kept beside the profile, not in it.</summary>
    [JsonIgnore]
    public PreferenceSet Preferences { get; init; } = PreferenceSet.None;

    /// <summary>Those of the addresses that nothing may be sent to. Kept beside the profile, not in it.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Suppressed { get; init; } = [];

    /// <summary>When a recipient was erased who has a profile again: what happened until then is not for them.</summary>
    [JsonIgnore]
    public DateTimeOffset? ErasedAt { get; init; }

    /// <summary>Whether the recipient was erased and is nobody any more.</summary>
    [JsonIgnore]
    public bool IsErased { get; init; }

    /// <summary>Whether what happened then concerns somebody who was erased since.</summary>
    public bool IsErasedFor(DateTimeOffset createdAt) => IsErased || createdAt <= ErasedAt;

    /// <summary>The addresses on a channel that something may be sent to.</summary>
    public IReadOnlyList<string> UsableOn(Channel channel) =>
        Suppressed.Count == 0 || channel == Channel.InApp
            ? AddressesOn(channel) : [.. AddressesOn(channel).Where(address => !Suppressed.Contains(address, StringComparer.Ordinal))];

    /// <summary>The addresses on a channel; empty where there is none. The inbox needs no address but the id.</summary>
    public IReadOnlyList<string> AddressesOn(Channel channel) => channel switch
    {
        Channel.Email => Email is null ? [] : [Email],
        Channel.Sms => Phone is null ? [] : [Phone],
        Channel.Push => [.. PushTokens.Select(device => device.Token)],
        Channel.InApp => IsExternal ? [] : [Id],
        _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, "Not a channel."),
    };

    /// <summary>Whether this is a bare address without a profile.</summary>
    [JsonIgnore]
    public bool IsExternal { get; init; }

    /// <summary>
    /// The profile of a <c>mailto:</c> or <c>tel:</c> recipient; <see langword="null"/> for any other. Events that an earlier version
    /// accepted may name the address in another form than the one that is sent to.
    /// </summary>
    public static RecipientProfile? OfAddress(string? tenant, string recipient) =>
        recipient.StartsWith(AddressSyntax.MailPrefix, StringComparison.Ordinal)
            ? new RecipientProfile
            {
                Id = recipient,
                Tenant = tenant,
                Email = OneForm(recipient[AddressSyntax.MailPrefix.Length..]),
                IsExternal = true
            }
        : recipient.StartsWith(AddressSyntax.PhonePrefix, StringComparison.Ordinal)
            ? new RecipientProfile
            {
                Id = recipient,
                Tenant = tenant,
                Phone = recipient[AddressSyntax.PhonePrefix.Length..],
                IsExternal = true
            }
        : null;

    private static string OneForm(string address) => AddressNormalizer.Email(address) ?? address;
}
