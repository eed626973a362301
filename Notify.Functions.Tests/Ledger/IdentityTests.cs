using FsCheck;
using FsCheck.Xunit;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;

namespace Notify.Functions.Tests.Ledger;

public sealed class IdentityTests
{
    private static readonly KeyedHashes Ids = new(Options.Create(new IdentityOptions()));
    private const string Characters = "01239abfuvwzAZ.~+- ";
    private static readonly DateTimeOffset At = new(2026, 3, 4, 12, 0, 0, 123, TimeSpan.Zero);

    [Fact]
    public void An_id_of_this_key_and_these_names_never_changes()
    {
        // Row keys depend on it: a change here loses every delivery that is stored.
        var id = new DeliveryId(Ids.RecipientHash("acme", "user_1"), At, Ids.EventHash("acme", "e1"), Channel.Push);

        Assert.Equal("2at90fmttq0t6asa.ucd3kfoc4.552rhehbdpk5ifnm8iircjift0.p", id.ToString());
    }

    [Property(MaxTest = 1000, Arbitrary = [typeof(AnyAttempt)])]
    public void Reads_back_what_it_wrote(AttemptId id)
    {
        Assert.True(AttemptId.TryParse(id.ToString(), out var read));
        Assert.Equal(id, read);
    }

    [Property(MaxTest = 5000, Arbitrary = [typeof(AnyAttempt)])]
    public void Takes_nothing_that_it_did_not_write(AttemptId id, NonNegativeInt place, NonNegativeInt character, bool more)
    {
        var text = id.ToString();
        var at = text.Length - 1 - (place.Get % text.Length);
        var changed = text[..at] + Characters[character.Get % Characters.Length] + text[(at + (more ? 0 : 1))..];

        Assert.True(!AttemptId.TryParse(changed, out var read) || read.ToString() == changed, changed);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a.b.c.d")]
    [InlineData("0000000000000000.000000000.00000000000000000000000000.x")]
    [InlineData("0000000000000000.000000000.0000000000000000000000000w.p")]
    [InlineData("0000000000000000.00000000Z.00000000000000000000000000.p")]
    [InlineData("0000000000000000.000000000.00000000000000000000000000.p~0")]
    [InlineData("0000000000000000.000000000.00000000000000000000000000.p~01")]
    [InlineData("0000000000000000.000000000.00000000000000000000000000.p~1~1")]
    public void Takes_nothing_for_an_id_that_is_none(string? text)
    {
        Assert.False(DeliveryId.TryParse(text, out _));
        Assert.False(AttemptId.TryParse(text, out _));
    }

    [Property(MaxTest = 5000, Arbitrary = [typeof(AnyAttempt)])]
    public void A_recipient_s_deliveries_sort_newest_first(AttemptId one, AttemptId other)
    {
        var (first, second) = (one.Delivery, other.Delivery with { RecipientHash = one.Delivery.RecipientHash });

        Assert.True(
            first.CreatedAt == second.CreatedAt
            || Math.Sign(string.CompareOrdinal(first.ToString(), second.ToString())) == second.CreatedAt.CompareTo(first.CreatedAt));
    }

    [Fact]
    public void Tenants_and_kinds_never_meet()
    {
        var hashes = new[] { Ids.EventHash(null, "a"), Ids.EventHash("a", "a"), Ids.EventHash("a\n", "a"), Ids.EventHash("b", "a"),
            Ids.KeyHash(null, "a"), Ids.KeyHash("a", "a") };

        Assert.Equal(hashes.Length, hashes.Distinct(StringComparer.Ordinal).Count());
        Assert.NotEqual(Ids.RecipientHash("a", "b"), Ids.RecipientHash(null, "b"));
    }

    [Fact]
    public void Spreads_recipients_over_all_sixteen_partitions()
    {
        var partitions = Enumerable.Range(0, 2000)
            .GroupBy(n => KeyedHashes.PartitionOf(Ids.RecipientHash(null, "user_" + n)), StringComparer.Ordinal).ToList();

        Assert.Equal("0123456789abcdef".Select(digit => digit.ToString()), partitions.Select(group => group.Key)
            .Order(StringComparer.Ordinal));
        Assert.All(partitions, group => Assert.InRange(group.Count(), 70, 190));
    }
}
