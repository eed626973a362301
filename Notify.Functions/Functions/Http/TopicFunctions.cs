using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Http;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Topics;

namespace Notify.Functions.Functions.Http;

/// <summary><c>/api/topics/{topic}/subscribers</c> and a recipient's topics; <c>?tenant=</c> everywhere.</summary>
public sealed class TopicFunctions(TopicSubscribers subscribers, TopicListing listing)
{
    /// <summary>Subscribes one recipient: 204, also where they had subscribed already.</summary>
    [Function("Subscribe")]
    [Takes("tenant")]
    public Task<IResult> Subscribe(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "topics/{topic}/subscribers/{recipient}")] HttpRequest request,
        string topic, string recipient, CancellationToken cancellationToken) =>
        OfTopicAsync(request, topic, recipient, async (tenant, written) =>
        {
            await subscribers.SubscribeAsync(tenant, topic, [written!], cancellationToken);
            return Results.NoContent();
        }, cancellationToken);

    /// <summary>Ends a subscription: 204, also where there was none.</summary>
    [Function("Unsubscribe")]
    [Takes("tenant")]
    public Task<IResult> Unsubscribe(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "topics/{topic}/subscribers/{recipient}")] HttpRequest request,
        string topic, string recipient, CancellationToken cancellationToken) =>
        OfTopicAsync(request, topic, recipient, async (tenant, written) =>
        {
            await subscribers.UnsubscribeAsync(tenant, topic, written!, cancellationToken);
            return Results.NoContent();
        }, cancellationToken);

    /// <summary>
    /// Subscribes up to 1,000 recipients, a JSON array of ids: 200 with how many there are; all or, where one is faulty, none.
    /// </summary>
    [Function("SubscribeMany")]
    [Takes("tenant")]
    public Task<IResult> SubscribeMany(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "topics/{topic}/subscribers")] HttpRequest request, string topic,
        CancellationToken cancellationToken) =>
        OfTopicAsync(request, topic, recipient: null, async (tenant, _) =>
        {
            var body = await RequestBody.ReadAsync(request, EventLimits.EventBytes, cancellationToken);
            if (body is null)
            {
                return ProblemResults.TooLarge(EventLimits.EventBytes);
            }
            var (recipients, faults) = SubscriberList.Read(body);
            if (faults.Count > 0)
            {
                return ProblemResults.InvalidBody(faults);
            }
            await subscribers.SubscribeAsync(tenant, topic, recipients, cancellationToken);
            return Results.Json(new { subscribed = recipients.Count }, NotifyJson.Options);
        }, cancellationToken);

    /// <summary>A topic's subscribers, a page at a time: <c>?cursor=</c> from <c>next</c>.</summary>
    [Function("GetSubscribers")]
    [Takes("tenant", "cursor")]
    public Task<IResult> GetSubscribers(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "topics/{topic}/subscribers")] HttpRequest request, string topic,
        CancellationToken cancellationToken) =>
        OfTopicAsync(request, topic, recipient: null, async (tenant, _) =>
            HashCursor.TryParse(request.Parameter("cursor"), out var cursor)
                ? Results.Json(await listing.SubscribersAsync(tenant, topic, cursor, cancellationToken), NotifyJson.Options)
                : ProblemResults.BadCursor(), cancellationToken);

    /// <summary>A recipient's topics, a page at a time: <c>?cursor=</c> from <c>next</c>.</summary>
    [Function("GetTopics")]
    [Takes("tenant", "cursor")]
    public Task<IResult> GetTopics(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "recipients/{id}/topics")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        OfTopicAsync(request, topic: null, id, async (tenant, written) =>
            TopicListing.IsTopicCursor(request.Parameter("cursor"))
                ? Results.Json(await listing.TopicsAsync(tenant, AddressNormalizer.Recipient(written!)!, request.Parameter("cursor"),
                    cancellationToken), NotifyJson.Options)
                : ProblemResults.BadCursor(), cancellationToken);

    private static Task<IResult> OfTopicAsync(
        HttpRequest request, string? topic, string? recipient, Func<string?, string?, Task<IResult>> action,
        CancellationToken cancellationToken)
    {
        var tenant = request.Parameter("tenant");
        var written = recipient is null ? null : request.PathId(recipient);
        var valid = (tenant is null || AddressSyntax.IsId(tenant)) && (topic is null || AddressSyntax.IsId(topic))
            && (written is null || SubscriberList.IsSubscriber(written));
        return valid
            ? ProblemResults.OrServiceUnavailableAsync(request, () => action(tenant, written), cancellationToken)
                : Task.FromResult(ProblemResults.BadId());
    }
}
