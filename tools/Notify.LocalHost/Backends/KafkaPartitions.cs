using Confluent.Kafka;

namespace Notify.LocalHost.Backends;

/// <summary>Which partitions a consumer owns, and how far each of them has been handed out and committed.</summary>
/// <remarks>
/// A partition that goes and comes back starts a new term. Records of an old term are not handed out any more, and those that are in hand
/// may be committed only where that takes the partition forward: meanwhile another owner may have gone further.
/// </remarks>
internal sealed class KafkaPartitions
{
    private readonly Lock _gate = new();
    private readonly Lock _commits = new();
    private readonly Dictionary<int, Term> _owned = [];
    private bool _hasNew;

    public void Assign(IEnumerable<TopicPartition> assigned)
    {
        lock (_gate)
        {
            _hasNew = true;
            foreach (var partition in assigned)
            {
                _owned[partition.Partition.Value] = new Term();
            }
        }
    }

    /// <summary>Whether partitions have come since this was last asked.</summary>
    public bool TakeNew()
    {
        lock (_gate)
        {
            var hasNew = _hasNew;
            _hasNew = false;
            return hasNew;
        }
    }

    /// <summary>
    /// Gives partitions up. Waits for a commit under way: until this returns they are ours, so that it cannot hit the next owner's.
    /// </summary>
    public void Revoke(IEnumerable<TopicPartitionOffset> revoked)
    {
        lock (_commits)
        {
            lock (_gate)
            {
                foreach (var partition in revoked)
                {
                    _owned.Remove(partition.Partition.Value);
                }
            }
        }
    }

    /// <summary>Notes that a record has been fetched; the term in which it has, to be given back when it is to be handed out.</summary>
    public object? Fetched(int partition, long offset)
    {
        lock (_gate)
        {
            var term = _owned.GetValueOrDefault(partition);
            if (term is not null)
            {
                term.First ??= offset;
            }
            return term;
        }
    }

    /// <summary>Whether a record that was fetched in that term may still be handed out.</summary>
    public bool MayHandOut(int partition, object? term)
    {
        lock (_gate)
        {
            return term is not null && ReferenceEquals(_owned.GetValueOrDefault(partition), term);
        }
    }

    /// <summary>
    /// Notes positions (the offset after the last record done), of those partitions that are ours and where they lead forward.
    /// </summary>
    public void Done(IReadOnlyDictionary<int, long> positions)
    {
        lock (_gate)
        {
            foreach (var (partition, position) in positions)
            {
                if (_owned.GetValueOrDefault(partition) is { First: { } first } term && position > Math.Max(first, term.Done))
                {
                    term.Done = position;
                }
            }
        }
    }

    /// <summary>Whether something is done that is not committed.</summary>
    public bool IsBehind
    {
        get
        {
            lock (_gate)
            {
                return _owned.Values.Any(term => term.IsBehind);
            }
        }
    }

    /// <summary>Commits what is done and is still ours. What the broker does not take stays behind for the next time.</summary>
    public void Commit(string topic, Action<IEnumerable<TopicPartitionOffset>> commit)
    {
        lock (_commits)
        {
            var behind = Behind();
            if (behind.Count == 0)
            {
                return;
            }
            commit(behind.Select(position => new TopicPartitionOffset(topic, position.Key, position.Value)));
            lock (_gate)
            {
                foreach (var (partition, position) in behind)
                {
                    _owned[partition].Committed = position;
                }
            }
        }
    }

    private Dictionary<int, long> Behind()
    {
        lock (_gate)
        {
            return _owned.Where(one => one.Value.IsBehind).ToDictionary(one => one.Key, one => one.Value.Done);
        }
    }

    private sealed class Term
    {
        /// <summary>The first offset fetched; it is where the group's commits ended when the term began.</summary>
        public long? First { get; set; }

        /// <summary>The position up to which everything is done.</summary>
        public long Done { get; set; } = -1;

        /// <summary>The position committed last in this term.</summary>
        public long Committed { get; set; } = -1;

        public bool IsBehind => Done > Committed;
    }
}
