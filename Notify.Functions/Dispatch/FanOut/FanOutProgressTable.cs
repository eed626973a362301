using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;

namespace Notify.Functions.Dispatch.FanOut;

/// <summary>Stores how far the handler of each range of a topic has come, with optimistic concurrency.</summary>
public sealed class FanOutProgressTable(ITables tables, KeyedHashes keyedHashes)
{
    /// <summary>The progress of a range; at its beginning where none is stored.</summary>
    public async Task<FanOutProgress> ReadAsync(FanOutCommand command, CancellationToken cancellationToken)
    {
        var (hash, key) = NamesOf(command);
        var row = await tables.GetAsync(TableNames.Events, KeyedHashes.PartitionOf(hash), key, cancellationToken);
        return row is null ? new FanOutProgress { Topic = command.Topic, Partition = command.Partition } : FanOutProgress.From(row);
    }

    /// <summary>Stores the progress. False if another handler has stored one since this one was read.</summary>
    public async Task<bool> SaveAsync(FanOutCommand command, FanOutProgress progress, CancellationToken cancellationToken)
    {
        var row = progress.ToTable(NamesOf(command).EventHash, keyedHashes.TopicHash(command.Tenant, command.Topic));
        var write = progress.ETag is null ? TableWrite.Insert(row) : TableWrite.Replace(row, progress.ETag);
        return (await tables.WriteAsync(TableNames.Events, [write], cancellationToken)).IsDone;
    }

    private (string EventHash, string Key) NamesOf(FanOutCommand command)
    {
        var hash = keyedHashes.EventHash(command.Tenant, command.EventId);
        return (hash, FanOutProgress.KeyOf(hash, keyedHashes.TopicHash(command.Tenant, command.Topic), command.Partition));
    }
}
