namespace Notify.Functions.Providers;

/// <summary>What a provider's error is about. It decides what the error costs; <c>docs/providers.md</c> says what.</summary>
internal enum ErrorScope
{
    /// <summary>The address is gone: the delivery fails, and the address is suppressed.</summary>
    DeadAddress,

    /// <summary>The address cannot be reached from this account: the delivery fails, the address is kept.</summary>
    Address,

    /// <summary>The message cannot be sent as it is: the delivery fails.</summary>
    Message,

    /// <summary>The account or the sender: nobody's message would go.</summary>
    Account,

    /// <summary>Too many requests.</summary>
    Rate,

    /// <summary>The provider cannot do it now.</summary>
    Outage,

    /// <summary>Only this recipient, for a while, or until somebody mends what concerns only some recipients.</summary>
    Target,

    /// <summary>The message may have been accepted.</summary>
    Unknown,
}

/// <summary>A row of a provider's table of errors.</summary>
/// <param name="Code">The provider's code, <c>http-404</c> for an HTTP status, or <c>http-4xx</c> for all others that begin so.</param>
/// <param name="Scope">What it is about.</param>
/// <param name="Meaning">What the provider says by it.</param>
internal sealed record ProviderError(string Code, ErrorScope Scope, string Meaning);
