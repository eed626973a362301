using Notify.Bench.Prove;

namespace Notify.Functions.Tests.Bench;

/// <summary>When a run is over, and when it is given up.</summary>
public sealed class CompletionDetectorTests
{
    private const string Done = "0 events not dispatched, 0 of 9 deliveries open";
    private readonly CompletionDetector _completionDetector = new(patience: 4, TimeSpan.FromMinutes(30));
    private TimeSpan _elapsed;

    [Fact]
    public void Is_over_when_nothing_waits_and_everything_is_final_and_stays_so()
    {
        Assert.False(Look("", Done, isDone: true));
        Assert.False(Look("", Done, isDone: true));
        Assert.True(Look("", Done, isDone: true));
        Assert.False(_completionDetector.IsGivenUp);
    }

    [Fact]
    public void Does_not_read_the_ledger_while_something_waits()
    {
        Assert.False(_completionDetector.IsTimeToRead("email 3", _elapsed));
        Assert.False(Look("email 3"));
        Assert.False(_completionDetector.IsTimeToRead("email 2", _elapsed));
        Assert.True(_completionDetector.IsTimeToRead("", _elapsed));
    }

    [Fact]
    public void A_long_backlog_was_given_up_after_five_minutes_though_it_grew_smaller()
    {
        for (var count = 400; count > 0; count--)
        {
            Assert.False(Look($"notifications.incoming {count}"));
        }
        Assert.False(Look("", "0 events not dispatched, 2 of 9 deliveries open"));
        Assert.False(Look("", Done, isDone: true));
        Assert.False(Look("", Done, isDone: true));
        Assert.True(Look("", Done, isDone: true));
        Assert.False(_completionDetector.IsGivenUp);
    }

    [Fact]
    public void Is_given_up_when_nothing_changes_any_more()
    {
        const string Open = "0 events not dispatched, 1 of 9 deliveries open";
        for (var look = 0; look < 4; look++)
        {
            Assert.False(Look("", Open));
        }
        Assert.True(Look("", Open));
        Assert.True(_completionDetector.IsGivenUp);
        Assert.Equal("", _completionDetector.StillWaiting);
    }

    [Fact]
    public void Is_judged_by_the_ledger_where_a_count_stands_still()
    {
        for (var look = 0; look < 12; look++)
        {
            Assert.False(Look("notifications.incoming 99"));
        }
        Assert.True(_completionDetector.IsTimeToRead("notifications.incoming 99", _elapsed));
        Assert.True(Look("notifications.incoming 99", Done, isDone: true));
        Assert.False(_completionDetector.IsGivenUp);
        Assert.Equal("", _completionDetector.StillWaiting);
    }

    [Fact]
    public void Is_given_up_at_the_limit_though_things_change()
    {
        Assert.False(Look("email 2"));
        _elapsed = TimeSpan.FromMinutes(31);

        Assert.True(_completionDetector.IsTimeToRead("email 1", _elapsed));
        Assert.True(Look("email 1", "0 events not dispatched, 1 of 9 deliveries open"));
        Assert.True(_completionDetector.IsGivenUp);
        Assert.Equal("email 1", _completionDetector.StillWaiting);
    }

    /// <summary>A look at what waits, and at the ledger where it is read.</summary>
    private bool Look(string waiting, string? ledger = null, bool isDone = false)
    {
        _elapsed += TimeSpan.FromSeconds(3);
        Assert.Equal(ledger is not null, _completionDetector.IsTimeToRead(waiting, _elapsed));
        return _completionDetector.IsOver(waiting, ledger, isDone, _elapsed);
    }
}
