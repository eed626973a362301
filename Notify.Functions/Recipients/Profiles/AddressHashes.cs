using Notify.Functions.Contract;
using Notify.Functions.Ledger;

namespace Notify.Functions.Recipients.Profiles;

/// <summary>Names addresses by hashes; however an email address is written, it has one.</summary>
public sealed class AddressHashes(KeyedHashes keyedHashes)
{
    /// <summary>The hash of a tenant's address on a channel.</summary>
    public string Compute(string? tenant, Channel channel, string address) =>
        keyedHashes.AddressHash(tenant, channel, channel == Channel.Email ? EmailKey(address) : address);

    /// <summary>The hashes of everything that a profile can be reached at, but the inbox, by address.</summary>
    public IReadOnlyDictionary<string, string> Compute(RecipientProfile profile) =>
        ContractNames.Channels.Where(channel => channel != Channel.InApp)
            .SelectMany(channel => profile.AddressesOn(channel)
                .Select(address => (Address: address, Hash: Compute(profile.Tenant, channel, address))))
            .DistinctBy(one => one.Address, StringComparer.Ordinal)
            .ToDictionary(one => one.Address, one => one.Hash, StringComparer.Ordinal);

    // Mail systems may tell upper from lower case before the sign, but hardly any does; somebody who complained must not be found again by
    // a capital.
    internal static string EmailKey(string address) => (AddressNormalizer.Email(address) ?? address).ToLowerInvariant();
}
