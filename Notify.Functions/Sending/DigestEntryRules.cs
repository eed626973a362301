using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Rules;

namespace Notify.Functions.Sending;

/// <summary>
/// Whether what waited for a digest may still be shown: the rules of every delivery, as they are at the time they are asked.
/// </summary>
public sealed class DigestEntryRules(RecipientRules rules, IOptions<ChannelsOptions> channels, TimeProvider time)
{
    /// <summary>
    /// Why an entry is left out; <see langword="null"/> where it is shown. Quiet hours are over when its window ends, and are not asked for
    /// again.
    /// </summary>
    /// <param name="entry">The entry.</param>
    /// <param name="recipient">The recipient's profile; <see langword="null"/> where the recipient is not known any more.</param>
    public Decision? Withheld(DigestEntry entry, RecipientProfile? recipient)
    {
        var id = IdOf(entry);
        // Only normal and low priorities wait for digests; which of them it was makes no difference to what is forbidden.
        var ruling = recipient is null
            ? Ruling.Free
            : rules.Rule(new RecipientQuestion(entry.Type, Priority.Low, entry.Category, id.Channel, recipient)
            {
                Topics = entry.Topics ?? [],
            });
        return DeliveryRules.Withheld(id.Channel, channels.Value.For(id.Channel).Enabled, recipient, id.CreatedAt, entry.ExpiresAt, ruling,
            time.GetUtcNow());
    }

    /// <summary>The items that are left out, each with the reason.</summary>
    /// <param name="items">Items of a digest.</param>
    /// <param name="entryOf">The entry of an item.</param>
    /// <param name="recipient">As above.</param>
    internal IEnumerable<(T Item, Decision Decision)> Withheld<T>(
        IEnumerable<T> items, Func<T, DigestEntry> entryOf, RecipientProfile? recipient) =>
        from item in items
        let decision = Withheld(entryOf(item), recipient)
        where decision is not null
        select (item, decision);

    /// <summary>The attempt that says of a member why its digest does not show it.</summary>
    internal static AttemptRow Ending(DigestEntry entry, Decision decision, DateTimeOffset now) =>
        AttemptRow.Withheld(EndingOf(entry), decision, now);

    /// <summary>The attempt that a member has where its digest does not show it.</summary>
    internal static AttemptId EndingOf(DigestEntry entry) => new(IdOf(entry), 1);

    private static DeliveryId IdOf(DigestEntry entry) =>
        DeliveryId.TryParse(entry.Delivery, out var id) ? id : throw new InvalidDataException("The entry names no delivery.");
}
