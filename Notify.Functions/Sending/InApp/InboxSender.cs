using System.Text.Json;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;

namespace Notify.Functions.Sending.InApp;

/// <summary>
/// Puts notifications into the recipient's inbox. The row's key is the delivery, so a repeated send finds its own row: here, and only
/// here, sending twice is impossible rather than unlikely.
/// </summary>
internal sealed class InboxSender(ITables tables, TimeProvider time) : IProviderSender
{
    /// <summary>The provider's name.</summary>
    public const string ProviderName = "inbox";

    /// <inheritdoc/>
    public string Name => ProviderName;

    /// <inheritdoc/>
    public Channel Channel => Channel.InApp;

    /// <inheritdoc/>
    public int MaxTargets => 100;

    /// <inheritdoc/>
    public bool IsOurs => true;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SendResult>> SendAsync(SendRequest request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var rows = request.Targets.Select(target => Row(request, target, now)).ToList();
        try
        {
            await tables.InsertAllAsync(TableNames.Inbox, rows, cancellationToken);
        }
        catch (Exception fault) when (TransientFaults.IsFault(fault))
        {
            // Whether or not some rows are in: repeating is harmless.
            return [.. request.Targets.Select(_ => new SendResult.Unavailable("storage:" + fault.GetType().Name))];
        }
        return [.. rows.Select(row => new SendResult.Accepted(row.Key, Delivered: true))];
    }

    private static TableRow Row(SendRequest request, SendTarget target, DateTimeOffset now)
    {
        if (!AttemptId.TryParse(target.AttemptId, out var attempt))
        {
            throw new ArgumentException("The target has no attempt id.", nameof(target));
        }
        var row = new TableRow(attempt.Delivery.Partition, attempt.Delivery.ToString())
        {
            ["at"] = now,
            ["category"] = request.Category,
            ["expiresAt"] = request.ExpiresAt,
        };
        row.SetLarge("content", JsonSerializer.SerializeToUtf8Bytes(request.Content, NotifyJson.Options));
        return row;
    }
}
