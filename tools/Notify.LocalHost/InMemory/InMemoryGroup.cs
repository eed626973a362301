namespace Notify.LocalHost.InMemory;

/// <summary>
/// A consumer group: who owns which partition, how far it has read and how far it has committed. All under the topic's lock.
/// </summary>
internal sealed class InMemoryGroup(int partitions)
{
    private readonly List<InMemoryConsumer> _members = [];
    private readonly InMemoryConsumer?[] _owners = new InMemoryConsumer?[partitions];
    private readonly long[] _positions = new long[partitions];
    private readonly long[] _committed = new long[partitions];

    public long Committed(int partition) => _committed[partition];

    public bool Owns(InMemoryConsumer consumer, int partition) => ReferenceEquals(_owners[partition], consumer);

    public long Position(int partition) => _positions[partition];

    public void Advance(int partition) => _positions[partition]++;

    public void Commit(int partition, long next) => _committed[partition] = Math.Max(_committed[partition], next);

    public void Join(InMemoryConsumer consumer)
    {
        _members.Add(consumer);
        Rebalance();
    }

    public void Leave(InMemoryConsumer consumer)
    {
        if (_members.Remove(consumer))
        {
            Rebalance();
        }
    }

    /// <summary>Deals the partitions out anew; one that changes hands is read again from its last commit.</summary>
    private void Rebalance()
    {
        for (var partition = 0; partition < _owners.Length; partition++)
        {
            var owner = _members.Count == 0 ? null : _members[partition % _members.Count];
            if (!ReferenceEquals(owner, _owners[partition]))
            {
                _owners[partition] = owner;
                _positions[partition] = _committed[partition];
            }
        }
    }
}
