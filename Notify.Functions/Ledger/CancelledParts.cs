using System.Text;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Ledger;

/// <summary>Which deliveries of an event were cancelled before the event was dispatched: by recipient, by channel, or by both.</summary>
public sealed class CancelledParts
{
    /// <summary>More than an event has recipients; a row holds them with ease.</summary>
    public const int Most = 2 * EventLimits.Recipients;

    private const string Column = "cancelledParts";
    private const string Any = "*";

    private readonly HashSet<string> _parts;

    private CancelledParts(IEnumerable<string> parts) => _parts = parts.ToHashSet(StringComparer.Ordinal);

    /// <summary>No part.</summary>
    public static CancelledParts None { get; } = new([]);

    /// <summary>How many parts there are.</summary>
    public int Count => _parts.Count;

    /// <summary>Whether a delivery belongs to a part.</summary>
    public bool Cover(DeliveryId delivery) =>
        _parts.Count > 0
        && (_parts.Contains(Name(delivery.RecipientHash, delivery.Channel)) || _parts.Contains(Name(delivery.RecipientHash, channel: null))
            || _parts.Contains(Name(recipientHash: null, delivery.Channel)));

    /// <summary>These parts and one more.</summary>
    public CancelledParts With(string? recipientHash, Channel? channel) => new(_parts.Append(Name(recipientHash, channel)));

    internal static CancelledParts From(TableRow row) =>
        row.Large(Column) is { } bytes ? new(Encoding.ASCII.GetString(bytes).Split('\n')) : None;

    internal void WriteTo(TableRow row)
    {
        if (_parts.Count > 0)
        {
            row.SetLarge(Column, Encoding.ASCII.GetBytes(string.Join('\n', _parts)));
        }
    }

    private static string Name(string? recipientHash, Channel? channel) => $"{recipientHash ?? Any}.{channel?.Code().ToString() ?? Any}";
}
