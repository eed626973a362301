using System.Text;
using Notify.Functions.Events;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Events;

public sealed class EventFuzzTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private static readonly int Records = FullRun.IsAsked ? 100_000 : 5_000;

    [Fact]
    public void Reads_or_refuses_whatever_comes_and_reads_back_what_it_has_read()
    {
        var random = new EventMutations(seed: 20260304);
        var (read, refused) = (0, 0);
        for (var number = 0; number < Records; number++)
        {
            var (value, headers) = random.Next();
            var reading = Attempt(number, value, headers);
            if (reading.Event is { } notification)
            {
                Assert.Empty(reading.Faults);
                ReadsBack(number, notification);
                read++;
            }
            else
            {
                Assert.NotEmpty(reading.Faults);
                Assert.All(reading.Faults, fault => Assert.True(fault.Field.Length is > 0 and < 160 && !fault.Field.Any(char.IsControl) && fault.Code.Length > 0 && fault.Detail.Length is > 0 and < 400));
                Assert.DoesNotContain(reading.Faults, fault => fault.ToString().Contains(EventMutations.Secret, StringComparison.OrdinalIgnoreCase));
                refused++;
            }
        }
        // A generator whose records all go one way would prove nothing.
        Assert.True(read > Records / 10 && refused > Records / 3, $"{read} read, {refused} refused");
    }

    private static EventReading Attempt(int number, byte[] value, EventHeaders headers)
    {
        try
        {
            return EventReader.Read(value, new EventDefaults(Id: number % 2 == 0 ? "stand-in" : null, Now), headers);
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException($"Record {number}: {Convert.ToBase64String(value)}", fault);
        }
    }

    private static void ReadsBack(int number, NotificationEvent notification)
    {
        var written = EventWriter.Write(notification);
        var again = EventReader.Read(written, new EventDefaults(Id: null, default));

        Assert.True(again.Event is not null, $"Record {number} is not read back: {string.Join(' ', again.Faults)} {Encoding.UTF8.GetString(written)}");
        Assert.Equal(notification with { Payload = default, Recipients = [], Channels = [] }, again.Event with { Payload = default, Recipients = [], Channels = [] });
        Assert.Equal(notification.Recipients, again.Event.Recipients);
        Assert.Equal(notification.Channels, again.Event.Channels);
        Assert.Equal(notification.Payload.GetRawText(), again.Event.Payload.GetRawText());
    }
}
