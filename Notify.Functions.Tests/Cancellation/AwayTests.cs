using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Notify.Functions.Cancellation;
using Notify.Functions.Contract;
using Notify.Functions.Functions.Http;
using Notify.Functions.Infrastructure.Kafka;
using Notify.Functions.Recovery;
using Notify.Functions.Sending.InApp;
using Notify.Functions.Status;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Cancellation;

/// <summary>What the functions answer while a backend is away.</summary>
public sealed class AwayTests
{
    [Fact]
    public async Task A_cancellation_that_cannot_be_written_is_answered_503_and_can_be_repeated()
    {
        using var notify = await Cancelling.HarnessAsync();
        await notify.DispatchAsync(notify.Record(Cancelling.Event));
        var writes = 0;
        notify.Tables.BeforeWrite = (_, _) => ++writes > 2 ? throw new TimeoutException("away") : Task.CompletedTask;
        var function = new CancelNotificationFunction(notify.Get<EventCancellation>());

        var (away, retryAfter) = await CallAsync(request => function.CancelNotification(request, "e1", CancellationToken.None));
        notify.Tables.BeforeWrite = FaultyTables.Nothing;
        var (done, _) = await CallAsync(request => function.CancelNotification(request, "e1", CancellationToken.None));

        Assert.Equal((503, "5", 200), (away, retryAfter, done));
        Assert.Equal(4, (await notify.ReadAsync("e1")).Counts["cancelled"]);
    }

    [Fact]
    public async Task A_fault_of_ours_is_not_taken_for_an_outage()
    {
        using var notify = await Cancelling.HarnessAsync();
        notify.Tables.BeforeWrite = (_, _) => throw new InvalidOperationException("ours");
        var function = new CancelNotificationFunction(notify.Get<EventCancellation>());

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            CallAsync(request => function.CancelNotification(request, "e1", CancellationToken.None)));
    }

    [Fact]
    public async Task A_retry_that_the_broker_does_not_acknowledge_is_answered_503_and_leaves_no_mark()
    {
        using var notify = new NotifyHarness(configure: services =>
            services.Replace(ServiceDescriptor.Singleton<IEventPublisher>(new NoBroker())));
        await notify.Get<Notify.Functions.Ledger.RejectedRecords>().SetAsideAsync(
            new EventPosition("t", 0, 1), notify.Clock.GetUtcNow(), EventWriter.Write(TestEvents.Alert()), EventHeaders.None,
            [new EventFault("$", "fault", "x")], CancellationToken.None);
        var listing = notify.Get<RejectedListing>();
        var id = (await listing.ReadAsync(null, 1, CancellationToken.None)).Items[0].Id;
        var functions = new RejectedFunctions(listing, notify.Get<RejectedRetry>());

        var (status, retryAfter) = await CallAsync(request => functions.RetryRejected(request, id, CancellationToken.None));

        Assert.Equal((503, "2"), (status, retryAfter));
        Assert.Null((await listing.ReadAsync(null, 1, CancellationToken.None)).Items[0].RetriedAt);
    }

    [Theory]
    [InlineData("event")]
    [InlineData("inbox")]
    public async Task A_question_that_storage_does_not_answer_is_answered_503(string about)
    {
        using var notify = new NotifyHarness();
        notify.Tables.BeforeRead = _ => throw new TimeoutException("away");
        var ofEvent = new GetNotificationFunction(notify.Get<NotificationReader>(), notify.Get<DigestReader>());
        var ofInbox = new GetInboxFunction(notify.Get<Inbox>());

        var (status, retryAfter) = await CallAsync(request => about == "event"
            ? ofEvent.GetNotification(request, "e1", CancellationToken.None)
            : ofInbox.GetInbox(request, "user_1", CancellationToken.None));

        Assert.Equal((503, "5"), (status, retryAfter));
    }

    private static async Task<(int? Status, string RetryAfter)> CallAsync(Func<HttpRequest, Task<IResult>> call)
    {
        var context = new DefaultHttpContext();
        var result = await call(context.Request);
        return ((result as IStatusCodeHttpResult)?.StatusCode, context.Response.Headers.RetryAfter.ToString());
    }

    private sealed class NoBroker : IEventPublisher
    {
        public Task<EventPosition> PublishAsync(OutgoingRecord record, CancellationToken cancellationToken) =>
            throw new EventNotAcknowledgedException("away");
    }
}
