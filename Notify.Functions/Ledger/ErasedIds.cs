using Notify.Functions.Contract;

namespace Notify.Functions.Ledger;

/// <summary>
/// The names that stand for recipients who were erased, <c>erased:{recipientHash}</c>: they name nobody, and what was theirs is found under
/// them as it was before, so that nothing is decided or sent a second time.
/// </summary>
internal static class ErasedIds
{
    private const string Prefix = "erased:";

    /// <summary>The name that takes the place of the recipient under a hash.</summary>
    public static string For(string recipientHash) => Prefix + recipientHash;

    /// <summary>Whether a recipient is such a name, and of which hash.</summary>
    public static bool TryRead(string recipient, out string recipientHash)
    {
        recipientHash = recipient.StartsWith(Prefix, StringComparison.Ordinal) ? recipient[Prefix.Length..] : string.Empty;
        return recipientHash.Length == KeyedHashes.RecipientHashLength && Base32Hex.IsValid(recipientHash);
    }
}
