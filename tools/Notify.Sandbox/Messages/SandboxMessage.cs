using System.Collections.ObjectModel;

namespace Notify.Sandbox.Messages;

/// <summary>One message that a provider would have sent on: one recipient, one acceptance.</summary>
internal sealed record SandboxMessage
{
    /// <summary>Counts up by one; what <c>after</c> of a listing refers to.</summary>
    public required long Sequence { get; init; }

    /// <summary><c>email</c>, <c>sms</c> or <c>push</c>.</summary>
    public required string Channel { get; init; }

    /// <summary><c>sendgrid</c>, <c>twilio</c>, <c>fcm</c>, <c>acs-email</c> or <c>acs-sms</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>The address: email, phone number, or push token (<c>topic:…</c> and <c>condition:…</c> where there is none).</summary>
    public required string To { get; init; }

    /// <summary>Email subject or push title.</summary>
    public string? Subject { get; init; }

    /// <summary>The plain text where there is one, else the HTML.</summary>
    public string? Body { get; init; }

    /// <summary>An email's HTML; of the newest <see cref="MessageStore.MaxHtml"/> that have one.</summary>
    public string? Html { get; set; }

    /// <summary>The headers that the sender has added to an email.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The service's delivery id, where the metadata held one.</summary>
    public string? DeliveryId { get; init; }

    /// <summary>The service's attempt id: <see cref="DeliveryId"/>, a tilde and the attempt's number.</summary>
    public string? AttemptId { get; init; }

    /// <summary>The provider's name for the message, as its answer gave it.</summary>
    public required string ProviderMessageId { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
}

/// <summary>A message as a dialect has read it, before it is numbered and dated.</summary>
internal sealed record MessageDraft(string Channel, string Provider, string To, string ProviderMessageId)
{
    public string? Subject { get; init; }

    public string? Body { get; init; }

    public string? Html { get; init; }

    public string? AttemptId { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
