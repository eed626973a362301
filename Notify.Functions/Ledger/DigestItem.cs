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

    /// <summary>The end of the window that a moment falls into.</summary>
    public static DateTimeOffset WindowEndAfter(DateTimeOffset now, TimeSpan window) =>
        new(((now.UtcTicks / window.Ticks) + 1) * window.Ticks, TimeSpan.Zero);

    /// <summary>What waits for the window's end.</summary>
    public static DigestItem Of(DecisionRow decision, string? category, MessageContent content) => new()
    {
        Key = DeliveryTable.DigestItemKey(decision, category),
        WindowEnd = decision.Decision.Due!.Value,
        Delivery = decision.Id,
        Recipient = decision.Recipient,
        Tenant = decision.Tenant,
        Type = decision.Type,
        Title = Shorten(content.Title, TitleLength),
        Text = Shorten(content.Text, TextLength),
        Url = content.Url is { Length: <= UrlLength } url ? url : null,
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
