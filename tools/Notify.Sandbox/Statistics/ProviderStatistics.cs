namespace Notify.Sandbox.Statistics;

/// <summary>What one provider's endpoint has seen.</summary>
internal sealed record ProviderStatistics
{
    /// <summary>Every request, whatever became of it.</summary>
    public required long Requests { get; init; }

    /// <summary>Requests of which at least one message was kept.</summary>
    public required long AcceptedRequests { get; init; }

    /// <summary>Messages kept.</summary>
    public required long AcceptedMessages { get; init; }

    /// <summary>Refusals by reason: <c>fault:{mode}</c>, or <c>status:{code}</c> where the request itself was wrong.</summary>
    public required IReadOnlyDictionary<string, long> Refused { get; init; }

    /// <summary>The fullest second, in accepted requests.</summary>
    public required int MostRequestsInASecond { get; init; }

    /// <summary>The fullest second, in accepted messages.</summary>
    public required int MostMessagesInASecond { get; init; }

    /// <summary>
    /// The seconds in which something was accepted, oldest first, the last <see cref="SandboxStatistics.RememberedSeconds"/>.
    /// </summary>
    public required IReadOnlyList<AcceptedSecond> Seconds { get; init; }
}

/// <summary>A second of the clock and what was accepted in it.</summary>
internal sealed class AcceptedSecond
{
    public long UnixSecond { get; init; }

    public int Requests { get; set; }

    public int Messages { get; set; }
}
