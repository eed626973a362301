using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Notify.Functions.Recipients.Profiles;

/// <summary>
/// Recipients as they were read, under the stamp that their partition had before. Every change through the service changes the stamp in
/// the transaction that makes it, so whoever finds the same stamp there finds nothing changed.
/// </summary>
public sealed class RecipientCache(IOptions<RecipientsOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>What is remembered of a recipient under this stamp; <see langword="false"/> where nothing is, or nothing fresh.</summary>
    public bool TryGet(string hash, string stamp, out StoredRecipient found)
    {
        if (_entries.TryGetValue(hash, out var entry) && string.Equals(entry.Stamp, stamp, StringComparison.Ordinal)
            && time.GetUtcNow() - entry.At < options.Value.CacheAge)
        {
            found = entry.Recipient;
            return true;
        }
        found = null!;
        return false;
    }

    /// <summary>Remembers a recipient that was read after the stamp was.</summary>
    public void Put(string hash, string stamp, StoredRecipient recipient)
    {
        if (options.Value.CacheAge == TimeSpan.Zero)
        {
            return;
        }
        // Whoever is needed again soon comes back soon; keeping track of who that is would cost more than it saves.
        if (_entries.Count >= options.Value.CacheSize)
        {
            _entries.Clear();
        }
        _entries[hash] = new Entry(recipient, stamp, time.GetUtcNow());
    }

    private sealed record Entry(StoredRecipient Recipient, string Stamp, DateTimeOffset At);
}
