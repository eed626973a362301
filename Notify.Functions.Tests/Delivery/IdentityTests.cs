using Microsoft.Extensions.Options;
using Notify.Functions.Delivery;
using Notify.Functions.Events;

namespace Notify.Functions.Tests.Delivery;

public sealed class IdentityTests
{
    private static readonly Identities Ids = new(Options.Create(new IdentityOptions()));
    private static readonly DateTimeOffset At = new(2026, 3, 4, 12, 0, 0, 123, TimeSpan.Zero);

    [Fact]
    public void An_id_of_this_key_and_these_names_never_changes()
    {
        // Row keys depend on it: a change here loses every delivery that is stored.
        var id = new DeliveryId(Ids.RecipientHash("acme", "user_1"), At, Ids.EventHash("acme", "e1"), Channel.Push);

        Assert.Equal("2at90fmttq0t6asa.ucd3kfoc4.552rhehbdpk5ifnm8iircjift0.p", id.ToString());
    }

    [Theory]
    [InlineData(Channel.Email)]
    [InlineData(Channel.Sms)]
    [InlineData(Channel.Push)]
    [InlineData(Channel.InApp)]
    public void Reads_back_what_it_wrote(Channel channel)
    {
        var id = new AttemptId(new DeliveryId(Ids.RecipientHash(null, "user_1"), At, Ids.EventHash(null, "e1"), channel), 12);

        Assert.True(AttemptId.TryParse(id.ToString(), out var read));
        Assert.Equal(id, read);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a.b.c.d")]
    [InlineData("0000000000000000.000000000.00000000000000000000000000.x")]
    [InlineData("0000000000000000.000000000.0000000000000000000000000w.p")]
    [InlineData("0000000000000000.00000000Z.00000000000000000000000000.p")]
    [InlineData("0000000000000000.000000000.00000000000000000000000000.p~0")]
    [InlineData("0000000000000000.000000000.00000000000000000000000000.p~1~1")]
    public void Takes_nothing_for_an_id_that_is_none(string? text)
    {
        Assert.False(DeliveryId.TryParse(text, out _));
        Assert.False(AttemptId.TryParse(text, out _));
    }

    [Fact]
    public void A_recipient_s_deliveries_sort_newest_first()
    {
        var keys = Enumerable.Range(0, 50).Select(n => new DeliveryId(Ids.RecipientHash(null, "u"), At.AddMilliseconds(n * n * 1000L), Ids.EventHash(null, "e" + n), Channel.Email)).ToList();

        Assert.Equal(keys.OrderByDescending(key => key.CreatedAt).Select(key => key.ToString()), keys.Select(key => key.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Tenants_and_kinds_never_meet()
    {
        var hashes = new[] { Ids.EventHash(null, "a"), Ids.EventHash("a", "a"), Ids.EventHash("a\n", "a"), Ids.EventHash("b", "a"), Ids.KeyHash(null, "a"), Ids.KeyHash("a", "a") };

        Assert.Equal(hashes.Length, hashes.Distinct(StringComparer.Ordinal).Count());
        Assert.NotEqual(Ids.RecipientHash("a", "b"), Ids.RecipientHash(null, "b"));
    }

    [Fact]
    public void Spreads_recipients_over_all_sixteen_partitions()
    {
        var partitions = Enumerable.Range(0, 2000).GroupBy(n => Identities.PartitionOf(Ids.RecipientHash(null, "user_" + n)), StringComparer.Ordinal).ToList();

        Assert.Equal("0123456789abcdef".Select(digit => digit.ToString()), partitions.Select(group => group.Key).Order(StringComparer.Ordinal));
        Assert.All(partitions, group => Assert.InRange(group.Count(), 70, 190));
    }
}
