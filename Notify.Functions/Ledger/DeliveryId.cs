using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Notify.Functions.Contract;

namespace Notify.Functions.Ledger;

/// <summary>
/// Names one (event, recipient, channel) and with it the ledger's row: <c>{recipientHash}.{createdAt, inverted}.{eventHash}.{channel
/// code}</c>. Safe in a URL and in a provider's metadata, sorts a recipient's deliveries newest first, and names nobody.
/// </summary>
/// <param name="RecipientHash">16 characters.</param>
/// <param name="CreatedAt">The event's time, whole milliseconds.</param>
/// <param name="EventHash">26 characters.</param>
/// <param name="Channel">The channel.</param>
public readonly record struct DeliveryId(string RecipientHash, DateTimeOffset CreatedAt, string EventHash, Channel Channel)
{
    // 45 bits of milliseconds reach to the year 3084.
    private const int TimeWidth = 9;
    private const long LastMillisecond = (1L << (5 * TimeWidth)) - 1;
    private const int Length = KeyedHashes.RecipientHashLength + 1 + TimeWidth + 1 + KeyedHashes.EventHashLength + 2;

    /// <summary>The ledger's partition: one of 16, by the recipient.</summary>
    public string Partition => KeyedHashes.PartitionOf(RecipientHash);

    /// <summary>The row key of the decision row.</summary>
    public override string ToString() =>
        $"{RecipientHash}.{Base32Hex.Encode(LastMillisecond - CreatedAt.ToUnixTimeMilliseconds(), TimeWidth)}.{EventHash}.{Channel.Code()}";

    /// <summary>Reads an id back; <see langword="false"/> for anything this class did not write.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out DeliveryId id)
    {
        id = default;
        if (text is not { Length: Length }
            || text.Split('.') is not
            [
            { Length: KeyedHashes.RecipientHashLength } recipient,
            { Length: TimeWidth } time,
            { Length: KeyedHashes.EventHashLength } happened,
            { Length: 1 } code,
            ])
        {
            return false;
        }
        if (!Base32Hex.IsValid(recipient) || !Base32Hex.IsValid(happened) || !Base32Hex.TryDecode(time, out var inverted)
            || !ContractNames.TryParseCode(code[0], out var channel))
        {
            return false;
        }
        id = new DeliveryId(recipient, DateTimeOffset.FromUnixTimeMilliseconds(LastMillisecond - inverted), happened, channel);
        return true;
    }
}

/// <summary>Names one attempt of a delivery: <c>{delivery id}~{n}</c>, n from 1.</summary>
public readonly record struct AttemptId(DeliveryId Delivery, int Number)
{
    /// <summary>The row key of the attempt row.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Delivery}~{Number}");

    /// <summary>Reads an id back; <see langword="false"/> for anything this class did not write.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AttemptId id)
    {
        id = default;
        if (text?.Split('~') is not [var delivery, var number]
            || !DeliveryId.TryParse(delivery, out var parsed)
            || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            || n is < 1 or > 9999
            || number[0] is '0')
        {
            return false;
        }
        id = new AttemptId(parsed, n);
        return true;
    }
}
