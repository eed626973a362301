using FsCheck;
using FsCheck.Fluent;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;

namespace Notify.Functions.Tests.Ledger;

/// <summary>Attempts of any recipient, time, event and channel; the smaller ones have more zeros.</summary>
internal static class AnyAttempt
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuv";

    public static Arbitrary<AttemptId> Attempts() => Arb.From(
        from recipient in Hash(KeyedHashes.RecipientHashLength)
        from time in Gen.OneOf(Moments(), Times())
        from happened in Hash(KeyedHashes.EventHashLength)
        from channel in Gen.Elements(Enum.GetValues<Channel>())
        from number in Gen.OneOf(Gen.Choose(1, 12), Gen.Choose(1, 9999))
        select new AttemptId(new DeliveryId(recipient, time, happened, channel), number),
        Smaller);

    private static IEnumerable<AttemptId> Smaller(AttemptId id)
    {
        var delivery = id.Delivery;
        AttemptId[] smaller =
        [
            id with { Number = 1 },
            id with { Number = (id.Number + 1) / 2 },
            id with { Delivery = delivery with { RecipientHash = new string('0', KeyedHashes.RecipientHashLength) } },
            id with { Delivery = delivery with { EventHash = new string('0', KeyedHashes.EventHashLength) } },
            id with { Delivery = delivery with { Channel = Channel.Email } },
            id with { Delivery = delivery with { CreatedAt = Time(delivery.CreatedAt.ToUnixTimeMilliseconds() / 2) } },
        ];
        return smaller.Where(one => one != id);
    }

    private static Gen<string> Hash(int length) => Gen.Elements(Digits.ToCharArray()).ArrayOf(length).Select(digits => new string(digits));

    // Close together, so that the last digits decide.
    private static Gen<DateTimeOffset> Moments() => Gen.Choose(0, 5000).Select(millisecond => Time(1_772_625_600_000 + millisecond));

    // All that an id has room for: 45 bits of milliseconds.
    private static Gen<DateTimeOffset> Times() =>
        from high in Gen.Choose(0, (1 << 15) - 1)
        from low in Gen.Choose(0, (1 << 30) - 1)
        select Time(((long)high << 30) + low);

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
