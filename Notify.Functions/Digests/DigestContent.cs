using System.Globalization;
using System.Text;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;

namespace Notify.Functions.Digests;

/// <summary>What a digest says: every item by its title, in the order of the items.</summary>
internal static class DigestContent
{
    /// <summary>The category of every digest, whatever its items are about.</summary>
    public const string Category = "digest";

    /// <summary>The content of a digest of at least one item.</summary>
    public static MessageContent Of(IReadOnlyList<DigestItem> items)
    {
        var text = new StringBuilder();
        foreach (var item in items)
        {
            text.Append("• ").Append(item.Title);
            if (!item.Text.StartsWith(item.Title.TrimEnd('…'), StringComparison.Ordinal))
            {
                text.Append(": ").Append(item.Text);
            }
            else if (item.Text.Length > item.Title.Length)
            {
                text.Append(item.Text.AsSpan(item.Title.TrimEnd('…').Length));
            }
            if (item.Url is not null)
            {
                text.Append('\n').Append("  ").Append(item.Url);
            }
            text.Append('\n');
        }
        var title = items.Count == 1 ? items[0].Title : string.Create(CultureInfo.InvariantCulture, $"{items.Count} updates for you");
        return new MessageContent(title, text.ToString().TrimEnd('\n'));
    }
}
