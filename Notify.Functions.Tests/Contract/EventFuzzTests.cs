using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Notify.Functions.Contract;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Contract;

public sealed partial class EventFuzzTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private static readonly int Records = FullRun.IsAsked ? 100_000 : 5_000;

    /// <summary>
    /// A record that is not taken as it should be comes out as small as it can be: with fewer headers and fewer characters.
    /// </summary>
    [Fact]
    public void Reads_or_refuses_whatever_comes_and_reads_back_what_it_has_read()
    {
        var (read, refused) = (0, 0);
        var records = Arb.From(
            Gen.Choose(0, int.MaxValue).Select(seed =>
                new EventMutations(seed).Next() with { StandIn = seed % 2 == 0 ? "stand-in" : null }), record => record.Smaller());

        Prop.ForAll(records, record =>
        {
            var reading = EventReader.Read(record.Value, new EventDefaults(record.StandIn, Now), record.Headers);
            if (reading.Event is { } notification)
            {
                Assert.Empty(reading.Faults);
                ReadsBack(notification);
                read++;
            }
            else
            {
                Assert.NotEmpty(reading.Faults);
                Assert.All(reading.Faults, fault =>
                    Assert.True(fault.Field.Length is > 0 and < 160 && !fault.Field.Any(char.IsControl) && fault.Code.Length > 0
                        && fault.Detail.Length is > 0 and < 400));
                Assert.DoesNotContain(reading.Faults, fault =>
                    fault.Detail.Contains(EventMutations.Secret, StringComparison.OrdinalIgnoreCase));
                // A field is named, also one that should not be there; what stands in it is not.
                Assert.True(SecretAsName().IsMatch(Encoding.UTF8.GetString(record.Value))
                    || !reading.Faults.Any(fault => fault.Field.Contains(EventMutations.Secret, StringComparison.OrdinalIgnoreCase)));
                refused++;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Records));

        // A generator whose records all go one way would prove nothing.
        Assert.True(read > Records / 10 && refused > Records / 3, $"{read} read, {refused} refused");
    }

    [GeneratedRegex(EventMutations.Secret + "[^\"]*\"\\s*:", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 10_000)]
    private static partial Regex SecretAsName();

    private static void ReadsBack(NotificationEvent notification)
    {
        var written = EventWriter.Write(notification);
        var again = EventReader.Read(written, new EventDefaults(Id: null, default));

        Assert.True(again.Event is not null, $"It is not read back: {string.Join(' ', again.Faults)} {Encoding.UTF8.GetString(written)}");
        Assert.Equal(notification with { Payload = default, Recipients = [], Channels = [] },
            again.Event with { Payload = default, Recipients = [], Channels = [] });
        Assert.Equal(notification.Recipients, again.Event.Recipients);
        Assert.Equal(notification.Channels, again.Event.Channels);
        Assert.Equal(notification.Payload.GetRawText(), again.Event.Payload.GetRawText());
    }
}
