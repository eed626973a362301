using Notify.Bench.Prove;
using Notify.Functions.Infrastructure.Resilience;

namespace Notify.Functions.Tests.Bench;

/// <summary>Where processes are to die by themselves: everywhere, whatever the seed.</summary>
public sealed class CrashPlanTests
{
    [Fact]
    public void Each_named_place_is_one_of_a_role() =>
        Assert.Equal(CrashPoint.All.Order(StringComparer.Ordinal), ProcessRole.All.SelectMany(processRole => processRole.Places)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(1)]
    [InlineData(20261127)]
    public void Who_dies_as_often_as_it_has_places_has_died_at_each(int seed)
    {
        var random = new Random(seed);
        foreach (var role in ProcessRole.All)
        {
            var places = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var n = 0; n < role.Places.Count; n++)
            {
                Assert.True(places.TryAdd(CrashPlan.Next(role, places, random).Place, 1));
            }
        }
    }

    [Fact]
    public void A_place_that_was_not_reached_comes_again()
    {
        var random = new Random(1);
        var nobody = new Dictionary<string, int>(StringComparer.Ordinal);

        Assert.All(ProcessRole.All, processRole =>
            Assert.Single(Enumerable.Range(0, 20).Select(_ => CrashPlan.Next(processRole, nobody, random).Place)
                .Distinct(StringComparer.Ordinal)));
    }

    /// <summary>
    /// A seed that never put the clock ahead of a timer that was to die there left this place out, in ten minutes with 129 kills.
    /// </summary>
    [Fact]
    public void Nobody_died_at_the_release_of_what_is_due_much_later_because_no_clock_was_ahead()
    {
        var places = ProcessRole.Timer.Places.Where(place => place != CrashPoint.AfterRelease)
            .ToDictionary(place => place, _ => 1, StringComparer.Ordinal);

        var crashPlan = CrashPlan.Next(ProcessRole.Timer, places, new Random(1));

        Assert.Equal(new CrashPlan(CrashPoint.AfterRelease, 1), crashPlan);
        Assert.True(crashPlan.NeedsClockAhead);
        Assert.True(new ProveOptions().Ahead > new ProveOptions().Later);
    }

    [Fact]
    public void Nobody_else_needs_another_clock() =>
        Assert.All(CrashPoint.All.Where(place => place != CrashPoint.AfterRelease), place =>
            Assert.False(new CrashPlan(place, 1).NeedsClockAhead));
}
