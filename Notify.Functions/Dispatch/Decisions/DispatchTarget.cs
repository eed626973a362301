using Notify.Functions.Ledger;

namespace Notify.Functions.Dispatch.Decisions;

/// <summary>An event and some of those who are to hear of it.</summary>
/// <param name="Head">The event's head, as it stands.</param>
/// <param name="Recipients">Recipients of its tenant, each once, none of them a topic.</param>
/// <param name="Throttled">Those of them whom a throttle spares it.</param>
public sealed record DispatchTarget(EventRecord Head, IReadOnlyList<string> Recipients, IReadOnlySet<string> Throttled);
