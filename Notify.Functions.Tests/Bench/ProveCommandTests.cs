using Notify.Bench.Prove;
using Notify.LocalHost.Hosting;

namespace Notify.Functions.Tests.Bench;

public sealed class ProveCommandTests
{
    [Fact]
    public void Has_defaults()
    {
        var options = Parse();

        Assert.Equal((10, 36, ".", null), (options.Minutes, options.Rate, options.Report, options.Break));
        Assert.InRange(options.Seed, 1, 999_999);
    }

    [Fact]
    public void Reads_options_in_both_forms_and_any_case()
    {
        var options = Parse("--minutes", "0.5", "--Rate=60", "--seed", "-7", "--report", "out", "--break", "drop-outbox");

        Assert.Equal(new ProveOptions { Minutes = 0.5, Rate = 60, Seed = -7, Report = "out", Break = "drop-outbox" }, options);
    }

    [Theory]
    [InlineData("There is no option '--hours'; --help shows what there is.", "--hours", "1")]
    [InlineData("'stray' makes no sense there; --help shows what does.", "stray")]
    [InlineData("--minutes needs a value: --minutes N.", "--minutes")]
    [InlineData("--minutes is a number above 0, at most 600, not 'abc'.", "--minutes", "abc")]
    [InlineData("--minutes is a number above 0, at most 600, not '601'.", "--minutes", "601")]
    [InlineData("--rate is a number above 0, at most 1000, not '0'.", "--rate", "0")]
    [InlineData("--seed is a whole number, not '1.5'.", "--seed", "1.5")]
    [InlineData("--break is one of skip-attempt-row, commit-before-write, drop-outbox, ignore-conflict, late-claim, not 'x'.", "--break",
        "x")]
    public void Says_in_a_sentence_what_it_does_not_understand(string expected, params string[] args) =>
        Assert.Equal(expected, Assert.Throws<UsageException>(() => Parse(args)).Message);

    private static ProveOptions Parse(params string[] args) => ProveCommand.Create().Read(args).Apply(new ProveOptions());
}
