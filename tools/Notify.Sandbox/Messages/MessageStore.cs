using Notify.Sandbox.Common;

namespace Notify.Sandbox.Messages;

/// <summary>What the sandbox has accepted, newest last, up to <see cref="SandboxOptions.MaxMessages"/>.</summary>
internal sealed class MessageStore(SandboxOptions options, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Queue<SandboxMessage> _messages = new();
    private long _sequence;
    private long _displaced;

    /// <summary>How many messages are kept.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _messages.Count;
            }
        }
    }

    /// <summary>How many messages had to go for newer ones since the start.</summary>
    public long Displaced
    {
        get
        {
            lock (_lock)
            {
                return _displaced;
            }
        }
    }

    /// <summary>Keeps the messages of one request, next to each other and with one time.</summary>
    public void Add(IReadOnlyList<MessageDraft> drafts)
    {
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            foreach (var draft in drafts)
            {
                _messages.Enqueue(Message(draft, ++_sequence, now));
                if (_messages.Count > options.MaxMessages)
                {
                    _messages.Dequeue();
                    _displaced++;
                }
            }
        }
    }

    /// <summary>All of it, as it stands.</summary>
    public IReadOnlyList<SandboxMessage> Snapshot()
    {
        lock (_lock)
        {
            return [.. _messages];
        }
    }

    /// <summary>Forgets every message; numbering goes on, so that an <c>after</c> stays valid.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _messages.Clear();
        }
    }

    private static SandboxMessage Message(MessageDraft draft, long sequence, DateTimeOffset now) => new()
    {
        Sequence = sequence,
        Channel = draft.Channel,
        Provider = draft.Provider,
        To = draft.To,
        Subject = draft.Subject,
        Headers = draft.Headers,
        Body = draft.Body,
        DeliveryId = AttemptIds.DeliveryOf(draft.AttemptId),
        AttemptId = draft.AttemptId,
        ProviderMessageId = draft.ProviderMessageId,
        ReceivedAt = now,
    };
}
