using System.Text;
using Notify.Functions.Contract;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Contract;

/// <summary>Whatever is read can be written and read back.</summary>
public sealed class EventWriterTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Reads_back_what_the_writer_wrote()
    {
        var original = TestEvents.Alert() with
        {
            Payload = TestEvents.Json("""{"message":"Привіт, 世界 🎉 \"quoted\"","data":{"n":1.50,"b":true}}"""),
            Recipients = ["user_1", "mailto:a@example.com"],
            DeduplicationKey = "key with spaces / and ünïcode",
            Tenant = "acme",
            Category = "security",
            ExpiresAt = Now.AddDays(1),
            SendAt = Now.AddHours(1),
            TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        };

        var text = EventWriter.Write(original);
        var read = EventReader.Read(text, new EventDefaults(Id: null, default)).Event!;

        Assert.Equal(original with { Payload = default, Recipients = [], Channels = [] },
            read with { Payload = default, Recipients = [], Channels = [] });
        Assert.Equal(original.Recipients, read.Recipients);
        Assert.Equal(original.Channels, read.Channels);
        Assert.Equal(original.Payload.GetRawText(), read.Payload.GetRawText());
        Assert.Contains("Привіт, 世界 🎉", Encoding.UTF8.GetString(text), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_an_event_that_would_be_too_large_once_everything_is_filled_in()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('x', 60), 3));
        var recipients = "\"recipients\":["
            + string.Join(',', Enumerable.Range(0, 999).Select(n => $"\"mailto:{new string('y', 56)}{n:d4}@{domain}\"")) + "]";
        string Of(int bytes)
        {
            var json = EventReaderTests.With("payload", "{\"message\":\"\"}")
                .Replace("\"recipients\":[\"user_1\"]", recipients, StringComparison.Ordinal);
            return json.Replace("\"message\":\"", "\"message\":\"" + new string('m', bytes - json.Length), StringComparison.Ordinal);
        }

        Assert.NotNull(Read(Of(EventLimits.EventBytes - 200)).Event);
        Assert.Equal(("$", "too_long"), OnlyFault(Of(EventLimits.EventBytes)));
    }

    [Theory]
    [InlineData("2000-01-01T00:00:00+05:00")]
    [InlineData("2999-12-31T23:59:59-05:00")]
    public void Takes_no_time_that_it_could_not_read_back(string time) =>
        Assert.Equal(("createdAt", "invalid"), OnlyFault(EventReaderTests.With("createdAt", $"\"{time}\"")));

    [Fact]
    public void Refuses_a_missing_time_where_the_record_s_own_is_none() =>
        Assert.Equal(("createdAt", "missing"),
            OnlyFault(EventReaderTests.With("tenant", "null"), new EventDefaults("e", DateTimeOffset.UnixEpoch)));

    private static EventReading Read(string json, EventDefaults? defaults = null) =>
        EventReader.Read(Encoding.UTF8.GetBytes(json), defaults ?? new EventDefaults("e", Now));

    private static (string Field, string Code) OnlyFault(string json, EventDefaults? defaults = null)
    {
        var fault = Assert.Single(Read(json, defaults).Faults);
        return (fault.Field, fault.Code);
    }
}
