using Notify.Sandbox.Common;

namespace Notify.Sandbox.Messages;

/// <summary>What the sandbox has accepted, newest last, up to <see cref="SandboxOptions.MaxMessages"/>.</summary>
internal sealed class MessageStore(SandboxOptions options, TimeProvider clock)
{
    /// <summary>How many messages keep their HTML: the rest of 200,000 would fill gigabytes.</summary>
    public const int MaxHtml = 2000;

    private readonly Lock _lock = new();
    private readonly Queue<SandboxMessage> _messages = new();
    private readonly Queue<SandboxMessage> _withHtml = new();
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
                var message = Message(draft, ++_sequence, now);
                _messages.Enqueue(message);
                KeepHtml(message);
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
            _withHtml.Clear();
        }
    }

    private void KeepHtml(SandboxMessage message)
    {
        if (message.Html is null)
        {
            return;
        }
        _withHtml.Enqueue(message);
        if (_withHtml.Count > MaxHtml)
        {
            _withHtml.Dequeue().Html = null;
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
        Html = draft.Html,
        DeliveryId = AttemptIds.DeliveryOf(draft.AttemptId),
        AttemptId = draft.AttemptId,
        ProviderMessageId = draft.ProviderMessageId,
        ReceivedAt = now,
    };
}
