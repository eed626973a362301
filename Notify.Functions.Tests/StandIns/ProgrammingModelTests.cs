using System.Text;
using Microsoft.Azure.Functions.Worker;

namespace Notify.Functions.Tests.StandIns;

public sealed class ProgrammingModelTests
{
    [Fact]
    public void A_header_is_read_as_utf8_and_may_be_empty()
    {
        Assert.Equal("Привет", new KafkaHeader { Key = "greeting", Value = Encoding.UTF8.GetBytes("Привет") }.GetValueAsString());
        Assert.Null(new KafkaHeader { Key = "nothing" }.GetValueAsString());
    }

    [Fact]
    public void A_timestamp_is_the_point_in_time_of_its_milliseconds() =>
        Assert.Equal(
            new DateTimeOffset(2026, 11, 22, 9, 54, 0, 123, TimeSpan.Zero),
            new KafkaTimestamp { UnixTimestampMs = 1_795_341_240_123 }.DateTimeOffset);

    [Theory]
    [InlineData("soon", "00:01:00")]
    [InlineData("-00:00:01", "00:01:00")]
    public void A_retry_with_an_interval_that_is_none_is_refused(string minimum, string maximum) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExponentialBackoffRetryAttribute(-1, minimum, maximum));

    [Fact]
    public void A_retry_whose_intervals_are_the_wrong_way_round_is_refused() =>
        Assert.Throws<ArgumentException>(() => new ExponentialBackoffRetryAttribute(-1, "00:01:00", "00:00:01"));
}
