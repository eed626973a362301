using System.Collections.Frozen;
using System.Globalization;
using Notify.Functions.Sending;

namespace Notify.Functions.Providers;

/// <summary>The errors that a provider documents, and what is done with those that it does not.</summary>
/// <remarks>The tables stand in <c>docs/providers.md</c> too; a test holds the two against each other and tries each row.</remarks>
internal sealed class ErrorTable
{
    /// <summary>What every provider's table ends with.</summary>
    /// <remarks>
    /// A redirect is not followed, and is a wrong base address. A 4xx that is not documented fails nobody for good and stops nobody else.
    /// 408, 500 and 503 are the provider's own word that it did not do the work. The other 5xx come from a gateway between (502, 504, a
    /// CDN's 52x): it lost the answer of a provider that may have accepted.
    /// </remarks>
    public static IReadOnlyList<ProviderError> Always { get; } =
    [
        new("http-402", ErrorScope.Account, "Payment required."),
        new("http-407", ErrorScope.Account, "A proxy refuses us."),
        new("http-408", ErrorScope.Outage, "The request did not come in time."),
        new("http-429", ErrorScope.Rate, "Too many requests."),
        new("http-500", ErrorScope.Outage, "A fault of the provider's own."),
        new("http-503", ErrorScope.Outage, "Not available now."),
        new("http-3xx", ErrorScope.Account, "A redirect: the base address is wrong."),
        new("http-4xx", ErrorScope.Target, "Any other refusal: not documented."),
        new("http-5xx", ErrorScope.Unknown, "A gateway lost the answer."),
    ];

    private readonly string _prefix;
    private readonly FrozenDictionary<string, ProviderError> _rows;

    /// <summary>A table.</summary>
    /// <param name="prefix">What a reason begins with, such as <c>twilio:</c>.</param>
    /// <param name="rows">The provider's own rows; they go before those that every provider has.</param>
    public ErrorTable(string prefix, params IReadOnlyList<ProviderError> rows)
    {
        _prefix = prefix;
        Own = rows;
        _rows = Always.ExceptBy(rows.Select(row => row.Code), row => row.Code, StringComparer.Ordinal).Concat(rows)
            .ToFrozenDictionary(row => row.Code, StringComparer.Ordinal);
    }

    /// <summary>The provider's own rows.</summary>
    public IReadOnlyList<ProviderError> Own { get; }

    /// <summary>Whether there is a row of a code: what is not a known code might be text that quotes an address.</summary>
    public bool Has(string code) => _rows.ContainsKey(code);

    /// <summary>The result of an answer: by its code, where the table has it, else by the HTTP status.</summary>
    /// <param name="code">The provider's own code, safe to be shown; <see langword="null"/> where there is none.</param>
    /// <param name="status">The HTTP status, other than 2xx.</param>
    /// <param name="retryAfter">How long the provider asks us to wait.</param>
    public SendResult Result(string? code, int status, TimeSpan? retryAfter)
    {
        var number = status.ToString(CultureInfo.InvariantCulture);
        var reason = _prefix + (code ?? "http-" + number);
        var row = code is not null && _rows.TryGetValue(code, out var own) ? own
            : _rows.TryGetValue("http-" + number, out var known) ? known
            : _rows[status switch { < 400 => "http-3xx", < 500 => "http-4xx", _ => "http-5xx" }];
        return row.Scope switch
        {
            ErrorScope.DeadAddress => new SendResult.Rejected(reason, AddressIsDead: true),
            ErrorScope.Address or ErrorScope.Message => new SendResult.Rejected(reason),
            ErrorScope.Account => new SendResult.AccountRefused(reason),
            ErrorScope.Rate => new SendResult.RateLimited(reason, retryAfter),
            ErrorScope.Outage => new SendResult.Unavailable(reason, retryAfter),
            ErrorScope.Target => new SendResult.TargetBusy(reason, retryAfter),
            ErrorScope.Unknown => new SendResult.Unknown(reason),
            _ => throw new InvalidOperationException($"No such scope: {row.Scope}."),
        };
    }
}
