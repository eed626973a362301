using System.Globalization;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Ledger;

/// <summary>
/// What a digest will show of one delivery, waiting in the recipient's partition under
/// <c>!i|{window end}|{recipientHash}|{channel}|{category key}|{delivery id}</c>, so that a range scan meets what belongs together in one go.
/// </summary>
public sealed record DigestItem
{
    internal const string Prefix = "!i|";
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

    /// <summary>The row that waits for the window's end.</summary>
    public static TableRow Row(DecisionRow decision, string? category, MessageContent content)
    {
        return new TableRow(decision.Id.Partition, KeyOf(decision, category))
        {
            ["windowEnd"] = decision.Decision.Due,
            ["delivery"] = decision.Id.ToString(),
            ["recipient"] = decision.Recipient,
            ["tenant"] = decision.Tenant,
            ["type"] = (int)decision.Type,
            ["title"] = Shorten(content.Title, TitleLength),
            ["text"] = Shorten(content.Text, TextLength),
            ["url"] = content.Url is { Length: <= UrlLength } url ? url : null,
        };
    }

    /// <summary>The key of the row that waits for a decision's delivery.</summary>
    internal static string KeyOf(DecisionRow decision, string? category) =>
        $"{Prefix}{Stamp(decision.Decision.Due!.Value)}|{decision.Id.RecipientHash}|{decision.Id.Channel.Code()}|{category ?? "-"}|{decision.Id}";

    /// <summary>Reads a row that <see cref="Row"/> wrote.</summary>
    public static DigestItem From(TableRow row) => new()
    {
        Key = row.Key,
        WindowEnd = row.Time("windowEnd")!.Value,
        Delivery = DeliveryId.TryParse(row.Text("delivery"), out var id) ? id : throw new InvalidDataException("The row is no digest item."),
        Recipient = row.Text("recipient")!,
        Tenant = row.Text("tenant"),
        Type = (EventType)(int)row.Number("type")!,
        Title = row.Text("title")!,
        Text = row.Text("text")!,
        Url = row.Text("url"),
    };

    /// <summary>The key range of everything whose window ends at or before a moment.</summary>
    internal static (string From, string To) DueRange(DateTimeOffset until) => (Prefix, Prefix + Stamp(until.AddMilliseconds(1)));

    private static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture);

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
