using Notify.Functions.Infrastructure.Resilience;

namespace Notify.Bench.Prove;

/// <summary>Where a process is to die by itself.</summary>
/// <param name="Place">The fault point.</param>
/// <param name="Pass">When it is passed for which time.</param>
internal sealed record CrashPlan(string Place, int Pass)
{
    /// <summary>Whether only a process whose clock is far ahead comes there: what is due much later is due for nobody else.</summary>
    public bool NeedsClockAhead => Place == CrashPoint.AfterRelease;

    /// <summary>
    /// The next one of a role: where nobody, or hardly anybody, has died yet; so a place that was not reached comes again.
    /// </summary>
    /// <param name="processRole">Whose.</param>
    /// <param name="places">How many have died at each place.</param>
    /// <param name="random">Decides for which time it is passed.</param>
    public static CrashPlan Next(ProcessRole processRole, IReadOnlyDictionary<string, int> places, Random random)
    {
        var place = processRole.Places.MinBy(one => places.GetValueOrDefault(one))!;
        // One that is passed seldom at the first time.
        var isSeldom = processRole == ProcessRole.Timer || (processRole.IsDispatcher && place != CrashPoint.AfterEnqueue);
        return new CrashPlan(place, isSeldom ? 1 : random.Next(1, 6));
    }
}
