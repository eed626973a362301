using Microsoft.AspNetCore.Http;

namespace Notify.Functions.Reports;

/// <summary>Reads one provider's reports. Verification comes first, over the raw bytes; parsing only what has been verified.</summary>
public interface IWebhookProvider
{
    /// <summary>The provider's name in the route <c>/api/webhooks/{provider}</c>.</summary>
    string Name { get; }

    /// <summary>Whether the provider wrote this, and recently.</summary>
    WebhookVerdict Verify(WebhookRequest request, DateTimeOffset now);

    /// <summary>The facts in a verified request; faulty items are skipped and counted, not thrown.</summary>
    WebhookContent Parse(WebhookRequest request, DateTimeOffset now);
}

/// <summary>A webhook call as it came in.</summary>
/// <param name="Path">The path and query as the provider called them, starting with <c>/</c>.</param>
/// <param name="Headers">Header values by name, case-insensitive; the first of several.</param>
/// <param name="ContentType">The media type with its parameters, or an empty string.</param>
/// <param name="Body">The raw body.</param>
public sealed record WebhookRequest(string Path, IReadOnlyDictionary<string, string> Headers, string ContentType, ReadOnlyMemory<byte> Body)
{
    internal static WebhookRequest From(HttpRequest request, ReadOnlyMemory<byte> body) => new(
        request.Path.ToUriComponent() + request.QueryString.Value,
        request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
        request.ContentType ?? string.Empty,
        body);
}

/// <summary>The answer of a signature check.</summary>
public enum WebhookVerdict
{
    /// <summary>Genuine and fresh.</summary>
    Valid,

    /// <summary>The signature or its timestamp is missing.</summary>
    Missing,

    /// <summary>The signature does not match the bytes, or cannot be read.</summary>
    Forged,

    /// <summary>Genuine, but too old (or too far in the future) to be accepted.</summary>
    Stale,
}

/// <summary>What a verified request says.</summary>
/// <param name="Reports">The facts, in the request's order.</param>
/// <param name="Ignored">How many items were not understood or concern nothing of ours.</param>
public sealed record WebhookContent(IReadOnlyList<ProviderReport> Reports, int Ignored)
{
    /// <summary>What the provider wants to read back with 200, as JSON; <see langword="null"/> where it asks for nothing.</summary>
    public string? Answer { get; init; }
}

/// <summary>One fact about one attempt.</summary>
/// <param name="AttemptId">Our attempt id from the provider's metadata, where it was there.</param>
/// <param name="ProviderMessageId">The provider's own message id.</param>
/// <param name="Fact">What happened.</param>
/// <param name="At">When, by the provider's clock.</param>
public sealed record ProviderReport(string? AttemptId, string? ProviderMessageId, ReportedFact Fact, DateTimeOffset At)
{
    /// <summary>
    /// The attempt's <see cref="Notify.Functions.Ledger.AttemptUuid"/>, from a provider that carries nothing else of ours.
    /// </summary>
    public Guid? AttemptUuid { get; init; }

    /// <summary>The provider's code or reason, without an address.</summary>
    public string? Detail { get; init; }

    /// <summary>The provider's name for this report, the same when it is sent again; <see langword="null"/> where there is none.</summary>
    public string? ReportId { get; init; }

    /// <summary>What follows for later messages.</summary>
    public ReportEffect Effect { get; init; }
}

/// <summary>What a report asks for beside the fact.</summary>
public enum ReportEffect
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The address must not be used again (hard bounce, complaint, unsubscribed from everything).</summary>
    SuppressAddress,

    /// <summary>The recipient wants no more mail of this kind.</summary>
    RefuseCategory,

    /// <summary>The recipient takes that back.</summary>
    WantCategory,
}

/// <summary>What providers report. The numbers are persisted: never change or reuse one.</summary>
public enum ReportedFact
{
    /// <summary>Handed on to the network.</summary>
    Sent = 1,

    /// <summary>Given up by the provider.</summary>
    Failed = 2,

    /// <summary>Arrived.</summary>
    Delivered = 3,

    /// <summary>Came back.</summary>
    Bounced = 4,

    /// <summary>Opened or read.</summary>
    Opened = 5,

    /// <summary>A link was clicked.</summary>
    Clicked = 6,

    /// <summary>Reported as spam.</summary>
    Complained = 7,

    /// <summary>Unsubscribed at the provider.</summary>
    Unsubscribed = 8,

    /// <summary>Subscribed again at the provider.</summary>
    Resubscribed = 9,
}
