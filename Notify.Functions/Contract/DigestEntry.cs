namespace Notify.Functions.Contract;

/// <summary>One delivery that a digest shows, with what decides whether it may still be shown.</summary>
/// <param name="Delivery">The delivery id.</param>
/// <param name="Type">The event's type.</param>
/// <param name="Title">The title, shortened.</param>
/// <param name="Text">The text, shortened; the title alone where they are the same.</param>
public sealed record DigestEntry(string Delivery, EventType Type, string Title, string Text)
{
    /// <summary>Where a click leads.</summary>
    public string? Url { get; init; }

    /// <summary>The event's category, if any.</summary>
    public string? Category { get; init; }

    /// <summary>After this it is not shown any more.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The event's topics, where the recipient hears of it by one of them.</summary>
    public IReadOnlyList<string>? Topics { get; init; }
}
