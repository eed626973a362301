using Notify.Functions.Contract;

namespace Notify.Functions.Ledger;

/// <summary>What a digest will show of one delivery, waiting for the end of its window.</summary>
public sealed record DigestItem
{
    private const int TitleLength = 150;
    private const int TextLength = 300;
    private const int UrlLength = 500;

    /// <summary>The row's key.</summary>
    public required string Key { get; init; }

    /// <summary>When the window closes.</summary>
    public required DateTimeOffset WindowEnd { get; init; }

    /// <summary>The delivery that waits.</summary>
    public required DeliveryId Delivery { get; init; }

    /// <summary>The recipient as the producer named it.</summary>
    public required string Recipient { get; init; }

    /// <summary>The tenant, if any.</summary>
    public string? Tenant { get; init; }

    /// <summary>The event's type.</summary>
    public required EventType Type { get; init; }

    /// <summary>The title, shortened.</summary>
    public required string Title { get; init; }

    /// <summary>The text, shortened; the title alone where they are the same.</summary>
    public required string Text { get; init; }

    /// <summary>Where a click leads; left out where it is too long to show.</summary>
    public string? Url { get; init; }

    /// <summary>The event's category, if any.</summary>
    public string? Category { get; init; }

    /// <summary>After this it is not shown any more. An older version did not keep it.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The event's topics, where the recipient hears of it by one of them. An older version did not keep them.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>What a digest's message carries of it.</summary>
    public DigestEntry Entry => new(Delivery.ToString(), Type, Title, Text)
    {
        Url = Url,
        Category = Category,
        ExpiresAt = ExpiresAt,
        Topics = Topics.Count == 0 ? null : Topics,
    };

    /// <summary>The end of the window that a moment falls into.</summary>
    public static DateTimeOffset WindowEndAfter(DateTimeOffset now, TimeSpan window) =>
        new(((now.UtcTicks / window.Ticks) + 1) * window.Ticks, TimeSpan.Zero);

    /// <summary>What waits for the window's end.</summary>
    /// <param name="decision">The decision to gather it.</param>
    /// <param name="notification">The event.</param>
    /// <param name="topics">The event's topics, where the recipient hears of it by one of them.</param>
    /// <param name="content">What it says to the recipient.</param>
    public static DigestItem From(
        DecisionRow decision, NotificationEvent notification, IReadOnlyList<string> topics, MessageContent content) => new()
        {
            Key = DeliveryTable.DigestItemKey(decision, notification.Category),
            WindowEnd = decision.Decision.Due!.Value,
            Delivery = decision.Id,
            Recipient = decision.Recipient,
            Tenant = decision.Tenant,
            Type = decision.Type,
            Title = Shorten(content.Title, TitleLength),
            Text = Shorten(content.Text, TextLength),
            Url = content.Url is { Length: <= UrlLength } url ? url : null,
            Category = notification.Category,
            ExpiresAt = notification.ExpiresAt,
            Topics = topics,
        };

    private static string Shorten(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }
        var end = char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1;
        return string.Concat(text.AsSpan(0, end), "…");
    }
}
