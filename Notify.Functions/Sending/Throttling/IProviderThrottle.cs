using Notify.Functions.Contract;

namespace Notify.Functions.Sending.Throttling;

/// <summary>
/// Who may ask which provider now: the rate limits and circuit breakers of all instances (Redis). Every time in it is relative, by the
/// clock of the backend, so that instances whose clocks differ keep one limit.
/// </summary>
public interface IProviderThrottle
{
    /// <summary>
    /// Asks for requests, in one round trip. The first candidate whose circuit lets something through takes them: now, or as a ticket that
    /// waits and asks again, or later. Nobody gets a slot in the future. Throws what the backend throws.
    /// </summary>
    Task<ThrottleAnswer> AdmitAsync(ThrottleRequest request, CancellationToken cancellationToken);

    /// <summary>How a circuit stands. Throws what the backend throws.</summary>
    Task<CircuitState> CircuitAsync(Channel channel, string provider, string account, CancellationToken cancellationToken);

    /// <summary>
    /// Says what became of requests, and learns whether that has changed the circuit: only one caller learns it. Throws what the backend
    /// throws.
    /// </summary>
    Task<CircuitChange> ReportAsync(ThrottleReport report, CancellationToken cancellationToken);
}

/// <summary>What is asked.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Class">Who asks.</param>
/// <param name="Mode">What is to become of what may not go now.</param>
/// <param name="Ticket">Names the one who asks, the same each time: 32 hexadecimal digits.</param>
/// <param name="Since">When it asked first, by the clock of the gate: the older goes first in its class. 0: now.</param>
/// <param name="Candidates">The providers, in order of preference; at least one.</param>
public sealed record ThrottleRequest(
    Channel Channel, RateClass Class, ThrottleMode Mode, string Ticket, long Since, IReadOnlyList<ThrottleCandidate> Candidates);

/// <summary>What is to become of requests that may not go now.</summary>
public enum ThrottleMode
{
    /// <summary>As many as are worth waiting for wait, by a ticket; the others come again later.</summary>
    Enter,

    /// <summary>There is no room to wait in: all come again later.</summary>
    Pass,

    /// <summary>The ticket waits on.</summary>
    Wait,

    /// <summary>The ticket has waited too long: what is left comes again later.</summary>
    Leave,

    /// <summary>Now or not at all.</summary>
    Only,
}

/// <summary>A provider that could take the requests.</summary>
/// <param name="Provider">Its name.</param>
/// <param name="Account">Who sends by it: <see cref="IProviderSender.Account"/>.</param>
/// <param name="Requests">How many there are.</param>
/// <param name="Rate">How many requests a second the provider takes; 0: as many as there are.</param>
public sealed record ThrottleCandidate(string Provider, string Account, int Requests, double Rate);

/// <summary>What the gate says.</summary>
/// <param name="Candidate">The index of the provider that takes them; <see langword="null"/> where every circuit is open.</param>
/// <param name="Considered">Of how many requests, from the first, this answer speaks; a half-open circuit speaks of a few. For the rest one
/// asks again.</param>
/// <param name="Granted">How many of these go now.</param>
/// <param name="Kept">How many of the next wait here; the ticket asks again.</param>
/// <param name="Again">When the ticket is to ask again. One that does not is forgotten after 1.5 s.</param>
/// <param name="Later">When the first of the others is to come again.</param>
/// <param name="LaterInterval">Between two of these.</param>
/// <param name="Reopens">Where every circuit is open: until it is worth asking again.</param>
public sealed record ThrottleAnswer(
    int? Candidate, int Considered, int Granted, int Kept, TimeSpan Again, TimeSpan Later, TimeSpan LaterInterval, TimeSpan Reopens)
{
    /// <summary>
    /// True if the granted requests are the probes of a half-open circuit. Each must be reported, even if it is not made.
    /// </summary>
    public bool AreProbes { get; init; }

    /// <summary>When the caller asked first, by the clock of the backend.</summary>
    public long Since { get; init; }

    /// <summary>Where every circuit is open: why the first provider refuses the account, if it does.</summary>
    public string? Why { get; init; }
}

/// <summary>What became of requests to a provider.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Provider">The provider.</param>
/// <param name="Account">Who sends by it.</param>
/// <param name="Succeeded">Requests that it has answered, be it with a refusal.</param>
/// <param name="Failed">Requests that it has not answered, or with its own failure.</param>
/// <param name="Limited">Whether it has said that there were too many: then fewer go, for a while.</param>
/// <param name="Pause">How long it asks us to wait, where it says so.</param>
/// <param name="Unused">How many were granted and then not made: others may have them.</param>
public sealed record ThrottleReport(
    Channel Channel, string Provider, string Account, int Succeeded, int Failed, bool Limited, TimeSpan Pause, int Unused = 0)
{
    /// <summary>Requests that it has refused for the account's sake.</summary>
    public int Refused { get; init; }

    /// <summary>Why it refuses the account: its code.</summary>
    public string? Why { get; init; }
}

/// <summary>How a circuit stands.</summary>
/// <param name="IsOpen">Whether nothing goes to the provider, but for probes.</param>
/// <param name="Why">Why the provider refuses the account, where that has opened it.</param>
public sealed record CircuitState(bool IsOpen, string? Why);

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
