using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;

namespace Notify.Functions.Sending.InApp;

/// <summary>Reads a recipient's inbox.</summary>
public sealed class Inbox(ITables tables, KeyedHashes keyedHashes, TimeProvider time)
{
    /// <summary>One page, newest first; what has expired is left out.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="recipient">The recipient.</param>
    /// <param name="after">The id behind which to begin; <see langword="null"/> for the newest.</param>
    /// <param name="take">How many items at most.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<InboxPage> ReadAsync(string? tenant, string recipient, string? after, int take, CancellationToken cancellationToken)
    {
        var hash = keyedHashes.RecipientHash(tenant, recipient);
        var from = after is null ? hash + "." : after + "~";
        var now = time.GetUtcNow();
        var rows = await tables.QueryAsync(TableNames.Inbox, KeyedHashes.PartitionOf(hash), from, hash + ".~", cancellationToken)
            .Where(row => !(row.Time("expiresAt") <= now)).Take(take + 1).ToListAsync(cancellationToken);
        return new InboxPage([.. rows.Take(take).Select(ItemOf)], rows.Count > take ? rows[take - 1].Key : null);
    }

    private static InboxItem ItemOf(TableRow row)
    {
        var content = JsonSerializer.Deserialize<MessageContent>(row.Large("content")!, NotifyJson.Options)!;
        return new InboxItem(row.Key, row.Time("at")!.Value, content.Title, content.Text, content.Url, row.Text("category"), content.Data);
    }
}

/// <summary>One page of an inbox.</summary>
/// <param name="Items">The notifications, newest first.</param>
/// <param name="Next">Where the next page begins; absent on the last.</param>
public sealed record InboxPage(IReadOnlyList<InboxItem> Items, string? Next);

/// <summary>A notification in an inbox.</summary>
public sealed record InboxItem(
    string Id, DateTimeOffset At, string Title, string Message, string? Url, string? Category, IReadOnlyDictionary<string, string> Data);
