namespace Notify.Functions.Tests.PackageSets;

[Trait("Category", "Slow")]
public sealed class FeedProbeTests : IDisposable
{
    private static readonly IReadOnlyList<(string Id, string Version)> AllPins = OfficialPins.Read();

    private readonly FeedTrial _trial = new();

    public void Dispose() => _trial.Dispose();

    [Fact]
    public async Task Chooses_and_records_official_where_the_feed_has_every_package()
    {
        _trial.Configure(_trial.CreateFeed(AllPins));

        var first = (await _trial.RestoreSolutionAsync()).Succeeded();
        var second = (await _trial.RestoreSolutionAsync()).Succeeded();

        Assert.Equal("Package set: official (the feed has its packages)", first.Line);
        Assert.StartsWith("Package set: official (recorded earlier", second.Line, StringComparison.Ordinal);
        Assert.Equal(["official"], _trial.Records);
        Assert.Equal("official", _trial.RestoredSet());
    }

    [Theory]
    [InlineData("Azure.Data.Tables", null)]
    [InlineData("Microsoft.Azure.Functions.Worker", "1.19.0")]
    public async Task Chooses_and_records_restricted_where_one_package_is_absent_or_too_old(string package, string? onlyVersion)
    {
        var packages = AllPins.Where(pin => pin.Id != package);
        _trial.Configure(_trial.CreateFeed(onlyVersion is null ? packages : packages.Append((package, onlyVersion))));

        var first = (await _trial.RestoreProjectAsync("first")).Succeeded();
        var second = (await _trial.RestoreProjectAsync("first")).Succeeded();

        Assert.Equal("Package set: restricted (the feed lacks packages of the official one)", first.Line);
        Assert.StartsWith("Package set: restricted (recorded earlier", second.Line, StringComparison.Ordinal);
        Assert.Equal(["restricted"], _trial.Records);
        Assert.Equal("restricted", _trial.RestoredSet());
    }

    [Fact]
    public async Task Uses_restricted_without_recording_it_while_the_feed_is_unreachable_and_asks_again()
    {
        _trial.Configure(SilentFeed.ClosedAddress());
        var unreachable = (await _trial.RestoreProjectAsync("first")).Succeeded();
        Assert.StartsWith("Package set: restricted, for now (the feed could not be asked: NU1301;", unreachable.Line, StringComparison.Ordinal);
        Assert.Equal("restricted", _trial.RestoredSet());

        _trial.Configure(_trial.CreateFeed(AllPins));
        var reachable = (await _trial.RestoreProjectAsync("first")).Succeeded();
        Assert.Equal("Package set: official (the feed has its packages)", reachable.Line);
        Assert.Equal("official", _trial.RestoredSet());
    }

    [Fact]
    public async Task Takes_a_package_for_unknown_not_absent_while_one_of_two_feeds_is_unreachable()
    {
        _trial.Configure(_trial.CreateFeed([]), SilentFeed.ClosedAddress());

        var run = (await _trial.RestoreSolutionAsync()).Succeeded();

        Assert.StartsWith("Package set: restricted, for now", run.Line, StringComparison.Ordinal);
        Assert.Equal(["unreachable"], _trial.Records);
    }

    [Fact]
    public async Task Gives_up_at_the_time_limit_on_a_feed_that_never_answers()
    {
        using var feed = new SilentFeed();
        _trial.Configure(feed.Address);

        var run = (await _trial.RestoreProjectAsync("first", "FeedProbeTimeout=3000")).Succeeded();

        Assert.StartsWith("Package set: restricted, for now (the feed could not be asked: no answer within 3000 ms;", run.Line, StringComparison.Ordinal);
        Assert.Equal(["unreachable"], _trial.Records);
    }

    [Fact]
    public async Task Asks_again_when_told_to_and_keeps_the_record_where_the_feed_does_not_answer()
    {
        _trial.Configure(_trial.CreateFeed([]));
        (await _trial.RestoreProjectAsync("first")).Succeeded();

        _trial.Configure(SilentFeed.ClosedAddress());
        var unanswered = (await _trial.RestoreProjectAsync("first", "ProbePackageSet=again")).Succeeded();
        Assert.Equal("Package set: restricted, as recorded (the feed could not be asked: NU1301)", unanswered.Line);

        _trial.Configure(_trial.CreateFeed(AllPins));
        var answered = (await _trial.RestoreProjectAsync("first", "ProbePackageSet=again")).Succeeded();
        Assert.Equal("Package set: official (the feed has its packages)", answered.Line);
        Assert.Equal("official", _trial.RestoredSet());
    }

    [Theory]
    [InlineData("official")]
    [InlineData("restricted")]
    public async Task Takes_a_given_set_without_asking(string set)
    {
        _trial.Configure(_trial.CreateFeed(AllPins));

        var run = (await _trial.RestoreSolutionAsync("PackageSet=" + set)).Succeeded();

        Assert.Equal($"Package set: {set} (as given)", run.Line);
        Assert.Empty(_trial.Records);
        Assert.Equal(set, _trial.RestoredSet());
    }

    [Fact]
    public async Task Refuses_a_set_that_does_not_exist()
    {
        _trial.Configure(_trial.CreateFeed([]));

        var run = await _trial.RestoreProjectAsync("first", "PackageSet=both");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("PackageSet is 'both', but it can only be 'official' or 'restricted'.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lets_builds_that_start_together_come_to_one_answer()
    {
        _trial.Configure(_trial.CreateFeed([]));

        var runs = await Task.WhenAll(_trial.RestoreProjectAsync("first"), _trial.RestoreProjectAsync("second"));

        Assert.All(runs, run => Assert.StartsWith("Package set: restricted", run.Succeeded().Line, StringComparison.Ordinal));
        Assert.Equal(["restricted"], _trial.Records);
        Assert.Equal("restricted", _trial.RestoredSet("second"));
    }
}
