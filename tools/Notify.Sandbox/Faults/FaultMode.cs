namespace Notify.Sandbox.Faults;

/// <summary>What goes wrong.</summary>
internal enum FaultMode
{
    /// <summary>Answers a status of the provider's side (default 503) in the provider's words; the message is not kept.</summary>
    Error,

    /// <summary>Never answers, and does not keep the message; after the delay, where there is one, the connection breaks.</summary>
    Timeout,

    /// <summary>Answers after the delay as if nothing were wrong. Faults that follow in the list still apply.</summary>
    Slow,

    /// <summary>Answers the provider's own 429; the delay is the time it asks the caller to wait (default 1 s).</summary>
    RateLimit,

    /// <summary>Refuses for good, with a 4xx of the provider's; the message is not kept.</summary>
    Reject,

    /// <summary>Accepts, and reports later that the message came back. FCM, which reports nothing, says UNREGISTERED.</summary>
    Bounce,

    /// <summary>
    /// Keeps the message and reports on it, but never answers; after the delay, where there is one, the connection breaks.
    /// </summary>
    AcceptThenTimeout,

    /// <summary>Breaks the connection once the request has been read; the message is not kept.</summary>
    Reset,
}
