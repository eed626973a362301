using System.Collections.Concurrent;
using Notify.Functions.Contract;

namespace Notify.Functions.Sending.Throttling;

/// <summary>
/// How many messages of a channel may wait for the rate in this process, by class. The others go back to their queue, so that a listener
/// always has places left: a critical message that stands behind many must be received to overtake them.
/// </summary>
public sealed class WaitingRoom
{
    /// <summary>
    /// How many may wait of one queue, all classes together. The listener takes new messages while no more than this are in hand:
    /// <c>newBatchThreshold</c> of host.json.
    /// </summary>
    public const int Places = 32;

    // Who has come back from its queue finds room where those who come for the first time do not.
    private static readonly Dictionary<RateClass, (int New, int Back)> Most = new()
    {
        [RateClass.Critical] = (16, 16),
        [RateClass.High] = (8, 12),
        [RateClass.Rest] = (12, 18),
    };

    private readonly ConcurrentDictionary<(Channel, RateClass), int> _waiting = new();

    /// <summary>Takes a place; <see langword="null"/> where there is none. Disposing of it leaves it.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="of">The class.</param>
    /// <param name="isBack">Whether the message has been put off before.</param>
    public IDisposable? TryEnter(Channel channel, RateClass of, bool isBack)
    {
        var most = isBack ? Most[of].Back : Most[of].New;
        if (_waiting.AddOrUpdate((channel, of), 1, static (_, count) => count + 1) <= most)
        {
            return new Place(this, (channel, of));
        }
        Leave((channel, of));
        return null;
    }

    private void Leave((Channel, RateClass) key) => _waiting.AddOrUpdate(key, 0, static (_, count) => count - 1);

    private sealed class Place(WaitingRoom room, (Channel, RateClass) key) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                room.Leave(key);
            }
        }
    }
}
