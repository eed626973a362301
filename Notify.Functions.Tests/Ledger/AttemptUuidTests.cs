using Notify.Functions.Ledger;

namespace Notify.Functions.Tests.Ledger;

public sealed class AttemptUuidTests
{
    private const string Attempt = "0123456789abcdef.vvvvvvvvv.0123456789abcdefghijklmnop.e~1";

    [Fact]
    public void An_attempt_has_the_same_one_for_ever() =>
        Assert.Equal("00443214-c742-454b-8d46-2a1d66030c45", AttemptUuid.Derive(Attempt).ToString());

    [Fact]
    public void It_has_the_form_of_version_4() => Assert.All(Enumerable.Range(1, 200), n =>
        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", AttemptUuid.Derive(Attempt[..^1] + n)
            .ToString()));

    [Theory]
    [InlineData("0123456789abcdef", "0123456789ab")]
    [InlineData("vvvvvvvvvvvvvvvv", "vvvvvvvvvvvv")]
    [InlineData("0000000000000000", "000000000000")]
    [InlineData("a1b2c3d4e5f6g7h8", "a1b2c3d4e5f6")]
    public void It_tells_what_the_row_key_begins_with(string recipient, string prefix) =>
        Assert.Equal(prefix, AttemptUuid.RowPrefix(AttemptUuid.Derive(recipient + Attempt[16..])));

    [Fact]
    public void Attempts_deliveries_and_recipients_differ()
    {
        string[] attempts = [Attempt, Attempt[..^1] + "2", Attempt.Replace(".e~", ".s~", StringComparison.Ordinal), "1" + Attempt[1..],
            Attempt.Replace("op.", "oq.", StringComparison.Ordinal)];
        Assert.Equal(attempts.Length, attempts.Select(AttemptUuid.Derive).Distinct().Count());
    }

    [Fact]
    public void What_is_no_attempt_has_none() => Assert.Throws<ArgumentException>(() => AttemptUuid.Derive("d~1"));
}
