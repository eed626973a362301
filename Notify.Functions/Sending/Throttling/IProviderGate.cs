using Notify.Functions.Contract;

namespace Notify.Functions.Sending.Throttling;

/// <summary>
/// Who may ask which provider, and when: the rate limits and circuit breakers of all instances (Redis). Every time in it is relative, by the
/// clock of the backend, so that instances whose clocks differ keep one limit.
/// </summary>
public interface IProviderGate
{
    /// <summary>
    /// Asks for a chunk's requests, in one round trip. The first candidate whose circuit lets something through takes them: at once, or after a
    /// wait that is worth waiting for, or later at reserved times. Throws what the backend throws.
    /// </summary>
    Task<GateAnswer> AdmitAsync(GateQuestion question, CancellationToken cancellationToken);

    /// <summary>Says what became of requests, and learns whether that has changed the circuit: only one caller learns it. Throws what the backend throws.</summary>
    Task<CircuitChange> ReportAsync(GateReport report, CancellationToken cancellationToken);
}

/// <summary>What is asked for a chunk.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Urgent">Whether it is of the urgent lane.</param>
/// <param name="Candidates">The providers, in order of preference; at least one.</param>
public sealed record GateQuestion(Channel Channel, bool Urgent, IReadOnlyList<GateCandidate> Candidates);

/// <summary>A provider that could take the chunk.</summary>
/// <param name="Provider">Its name.</param>
/// <param name="Requests">How many requests the chunk is there.</param>
/// <param name="Rate">How many requests a second the provider takes; 0: as many as there are.</param>
/// <param name="HasTurn">Whether the chunk has waited for a time that was reserved here: it goes before those that have not, and reserves nothing.</param>
public sealed record GateCandidate(string Provider, int Requests, double Rate, bool HasTurn);

/// <summary>What the gate says.</summary>
/// <param name="Candidate">The index of the provider that takes it; <see langword="null"/> where every circuit is open.</param>
/// <param name="Considered">Of how many requests, from the first, this answer speaks; a half-open circuit speaks of a few. For the rest one asks again.</param>
/// <param name="Granted">How many of these may go now: request k (from 0) after <paramref name="Wait"/> + k × <paramref name="Interval"/>.</param>
/// <param name="Wait">Until the first may go; negative where it could have gone before.</param>
/// <param name="Interval">Between two of them; zero for probes.</param>
/// <param name="Later">Until the turn of the first that may not go now.</param>
/// <param name="LaterInterval">Between the turns of two of these.</param>
/// <param name="Reopens">Where every circuit is open: until it is worth asking again.</param>
/// <param name="AreProbes">Whether those that may go are the probes of a half-open circuit: each has to be reported, be it as unused.</param>
public sealed record GateAnswer(
    int? Candidate, int Considered, int Granted, TimeSpan Wait, TimeSpan Interval, TimeSpan Later, TimeSpan LaterInterval, TimeSpan Reopens, bool AreProbes = false);

/// <summary>What became of requests to a provider.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Provider">The provider.</param>
/// <param name="Succeeded">Requests that it has answered, be it with a refusal.</param>
/// <param name="Failed">Requests that it has not answered, or with its own failure.</param>
/// <param name="Limited">Whether it has said that there were too many: then fewer go, for a while.</param>
/// <param name="Pause">How long it asks us to wait, where it says so.</param>
/// <param name="UnusedProbes">How many probes were granted and then not asked: others may have them.</param>
public sealed record GateReport(Channel Channel, string Provider, int Succeeded, int Failed, bool Limited, TimeSpan Pause, int UnusedProbes = 0);

/// <summary>What a report has changed.</summary>
public enum CircuitChange
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The circuit has opened.</summary>
    Opened = 1,

    /// <summary>A probe has failed: it stays open.</summary>
    StaysOpen = 2,

    /// <summary>The probes have succeeded: it is closed.</summary>
    Closed = 3,
}
