using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Recipients.Unsubscribe;
using Notify.Functions.Telemetry;
using Notify.Functions.Templates;
using Polly;
using Polly.Retry;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>
/// Groups deliveries into requests to a provider, and makes the requests: each at most three times, and only while the provider certainly
/// did not accept it.
/// </summary>
public sealed partial class ProviderRequests(
    UnsubscribeLinks links, TemplateRenderer templates, TimeProvider time, ILogger<ProviderRequests> logger)
{
    private const int RequestsAtOnce = 16;

    private readonly ResiliencePipeline<IReadOnlyList<SendResult>> _quickly =
        new ResiliencePipelineBuilder<IReadOnlyList<SendResult>> { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions<IReadOnlyList<SendResult>>
        {
            // 2^attempt × 100 ms.
            MaxRetryAttempts = 2,
            Delay = TimeSpan.FromMilliseconds(200),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result is { } results
                && results.All(RetryPolicy.AllowsQuickRetry)),
            DelayGenerator = arguments => ValueTask.FromResult(arguments.Outcome.Result?.Max(RetryPolicy.RetryAfter)),
        })
        .Build();

    /// <summary>
    /// Groups deliveries into requests: those with the same content share a request, up to the provider's maximum. The grant and the
    /// requests both count these groups.
    /// </summary>
    internal static IReadOnlyList<IReadOnlyList<SendWork>> Group(IProviderSender sender, IEnumerable<SendWork> work) =>
        [.. work.GroupBy(one => one.Content!, (IEqualityComparer<MessageContent>)ReferenceEqualityComparer.Instance)
            .SelectMany(same => same.Chunk(sender.MaxTargets))];

    /// <summary>
    /// Sends everything. Returns an outcome for each delivery and a tally of the requests. Does not throw for anything that a provider
    /// does.
    /// </summary>
    /// <param name="route">The provider, the deliveries and the granted requests.</param>
    /// <param name="lease">How long requests may be started.</param>
    /// <param name="deadline">Ends the sending.</param>
    public async Task<(IReadOnlyList<SendOutcome> Outcomes, RequestTally Tally)> SendAsync(
        Route route, Lease lease, CancellationToken deadline)
    {
        using var places = new SemaphoreSlim(RequestsAtOnce);
        var requests = Group(route.Sender, route.Work);
        var sent = await Task.WhenAll(requests.Select(request => SendOneAsync(route, request, lease, places, deadline)));
        var outcomes = requests.Zip(sent).SelectMany(one => one.First.Zip(
            one.Second.Results, (work, result) =>
                new SendOutcome(work, result, route.Sender.Name) { TraceParent = one.Second.TraceParent }));
        return ([.. outcomes], RequestTally.From(sent));
    }

    private async Task<SentRequest> SendOneAsync(
        Route route, IReadOnlyList<SendWork> work, Lease lease, SemaphoreSlim places, CancellationToken deadline)
    {
        var sender = route.Sender;
        var request = RequestOf(sender, work, lease);
        IReadOnlyList<SendResult> last = [];
        try
        {
            await places.WaitAsync(deadline);
        }
        catch (OperationCanceledException)
        {
            return new SentRequest(All(work, new SendResult.Unavailable("not_started_in_time")), WasAsked: false);
        }
        var asked = false;
        using var span = Traces.Start("send", ActivityKind.Client, work[0].Event.TraceParent);
        span?.SetTag("notify.channel", sender.Channel.Name()).SetTag("notify.provider", sender.Name)
            .SetTag("notify.deliveries", work.Count);
        SentRequest Answer(IReadOnlyList<SendResult> results, bool wasAsked = true)
        {
            wasAsked = wasAsked && !results.All(result => result is SendResult.TooLate);
            span?.SetTag("notify.result", results[0].GetType().Name).SetStatus(results.All(result => result is SendResult.Accepted)
                ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
            return new SentRequest(results, wasAsked) { TraceParent = span?.Id };
        }
        try
        {
            if (route.Grant is { } grant && await grant.RenewAsync(deadline) is { } wait)
            {
                return Answer(All(work, new SendResult.Unavailable("no_turn_in_time", wait)), wasAsked: false);
            }
            if (!lease.IsWorthwhile)
            {
                return Answer(All(work, new SendResult.TooLate()), wasAsked: false);
            }
            asked = true;
            return Answer(await _quickly.ExecuteAsync(async token => last =
                last.Count > 0 && !lease.IsWorthwhile ? last : await sender.SendAsync(request, token), deadline));
        }
        catch (OperationCanceledException)
        {
            // Cancelled before anything was written, or in the pause after a refusal.
            return last.Count == work.Count
                ? Answer(last)
                : Answer(All(work, new SendResult.Unavailable(asked ? "time_limit" : "not_started_in_time")), asked);
        }
        catch (Exception fault)
        {
            SenderFault(sender.Name, fault);
            return Answer(All(work, new SendResult.Unknown("fault:" + fault.GetType().Name)), wasAsked: false);
        }
        finally
        {
            places.Release();
        }
    }

    private SendRequest RequestOf(IProviderSender sender, IReadOnlyList<SendWork> work, Lease lease)
    {
        var notification = work[0].Event;
        return new SendRequest(
            work[0].Content!,
            [.. work.Select(one => new SendTarget(one.Attempt.ToString(), one.Delivery.Recipient, AddressesOf(sender.Channel, one.Delivery))
            {
                UnsubscribeUrl = one.Event.Digest is { } entries
                    ? links.For(entries, sender.Channel, notification.Tenant, one.Delivery.Recipient)
                    : links.For(notification.Type, notification.Category, sender.Channel, notification.Tenant, one.Delivery.Recipient),
            })])
        {
            Type = notification.Type,
            Priority = notification.Priority,
            Category = notification.Category,
            UnsubscribeText = templates.Library.Word("link", work[0].Locale),
            ExpiresAt = notification.ExpiresAt,
            Lease = lease,
        };
    }

    // A message that an earlier version enqueued may have a domain that is no ASCII yet.
    private static IReadOnlyList<string> AddressesOf(Channel channel, EnvelopeDelivery delivery) =>
        channel == Channel.Email
            ? [.. delivery.Addresses.Select(address => AddressNormalizer.Email(address) ?? address)] : delivery.Addresses;

    private static IReadOnlyList<SendResult> All(IReadOnlyList<SendWork> work, SendResult result) => [.. work.Select(_ => result)];

    [LoggerMessage(EventId = 2001, Level = LogLevel.Error, Message = "The sender of {provider} failed; whether it sent is not known")]
    private partial void SenderFault(string provider, Exception fault);
}

/// <summary>The answer to one request.</summary>
/// <param name="Results">One for each delivery in it.</param>
/// <param name="WasAsked">Whether the provider has anything to do with it.</param>
internal sealed record SentRequest(IReadOnlyList<SendResult> Results, bool WasAsked)
{
    /// <summary>Its span, to which the provider's reports belong.</summary>
    public string? TraceParent { get; init; }
}
