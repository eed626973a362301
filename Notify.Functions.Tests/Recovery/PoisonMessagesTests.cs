using System.Text;
using Notify.Functions.Contract;
using Notify.Functions.Digests;
using Notify.Functions.Dispatch.FanOut;
using Notify.Functions.Erasure;
using Notify.Functions.Health;
using Notify.Functions.Recovery;
using Notify.Functions.Sending;
using Notify.Functions.Sending.DeadLetters;
using Notify.Functions.Sending.Pipeline;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Recovery;

public sealed class PoisonMessagesTests
{
    private const string Queue = "notify-push-urgent";

    [Fact]
    public async Task What_was_never_tried_goes_out_once_more_each_delivery_alone()
    {
        using var notify = await StartAsync("a", "b");
        var message = await TakeAsync(notify);

        await PoisonAsync(notify, message);
        var again = new List<string> { await TakeAsync(notify), await TakeAsync(notify) };
        foreach (var one in again)
        {
            await notify.Get<SendPipeline>().HandleAsync(Channel.Push, one, CancellationToken.None);
        }

        Assert.Equal(["a", "b"], notify.Senders[Channel.Push].Targets.Select(target => target.Recipient).Order(StringComparer.Ordinal));
        Assert.Empty(await LettersAsync(notify));
        Assert.All((await notify.ReadAsync("e1")).Deliveries, delivery => Assert.Equal(("sent", 1), (delivery.Status, delivery.Attempts)));
    }

    [Fact]
    public async Task What_comes_back_untried_from_there_has_failed_and_is_a_dead_letter_that_can_be_sent_again()
    {
        using var notify = await StartAsync("a");
        await PoisonAsync(notify, await TakeAsync(notify));
        var rescued = await TakeAsync(notify);

        await PoisonAsync(notify, rescued);
        // The function may have died before the message was gone.
        await PoisonAsync(notify, rescued);

        var delivery = await notify.ReadOnlyDeliveryAsync("e1");
        Assert.Equal(("failed", "handler_failed"), (delivery.Status, delivery.Reason));
        var letter = Assert.Single(await LettersAsync(notify));
        Assert.Equal((delivery.Id, "handler_failed", Queue), (letter.Delivery, letter.Cause, letter.Queue));
        Assert.Empty(notify.Senders[Channel.Push].Targets);

        await notify.Get<DeadLetterRedrive>().RedriveAsync([letter.Id], preview: false, CancellationToken.None);
        await notify.RunQueuesAsync();
        Assert.Equal(delivery.Id + "~2", Assert.Single(notify.Senders[Channel.Push].Targets).AttemptId);
        Assert.Equal("sent", (await notify.ReadOnlyDeliveryAsync("e1")).Status);
        Assert.Empty(await LettersAsync(notify));
    }

    [Fact]
    public async Task What_has_an_outcome_is_left_alone()
    {
        using var notify = await StartAsync("a");
        var message = await TakeAsync(notify);
        await notify.Get<SendPipeline>().HandleAsync(Channel.Push, message, CancellationToken.None);

        await PoisonAsync(notify, message);

        Assert.Equal(0, await notify.Backends.Queues.CountAsync(Queue, CancellationToken.None));
        Assert.Single(notify.Senders[Channel.Push].Targets);
        Assert.Equal("sent", (await notify.ReadOnlyDeliveryAsync("e1")).Status);
    }

    [Fact]
    public async Task What_was_to_be_tried_again_still_is()
    {
        using var notify = await StartAsync("a");
        var message = await TakeAsync(notify);
        // The attempt was recorded, and its sender died before it had enqueued the next one.
        notify.Senders[Channel.Push].Answer = _ => new SendResult.Unavailable("503", TimeSpan.FromSeconds(6));
        await notify.Get<SendPipeline>().HandleAsync(Channel.Push, message, CancellationToken.None);
        notify.Clock.Advance(TimeSpan.FromSeconds(7));
        await TakeAsync(notify);

        await PoisonAsync(notify, message);

        notify.Senders[Channel.Push].Answer = target => new SendResult.Accepted("m");
        await notify.RunQueuesAsync();
        Assert.Equal(("sent", 2), ((await notify.ReadOnlyDeliveryAsync("e1")).Status, (await notify.ReadOnlyDeliveryAsync("e1")).Attempts));
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("{\"v\":1,\"br\":\"AAAA\"}")]
    public async Task What_cannot_be_read_is_a_dead_letter_with_its_cause(string message)
    {
        using var notify = await StartAsync();

        await PoisonAsync(notify, message);
        await PoisonAsync(notify, message);

        var letter = Assert.Single(await LettersAsync(notify));
        Assert.Equal(("unreadable_message", Queue, null, message), (letter.Cause, letter.Queue, letter.Delivery, letter.Message));
        Assert.NotNull(letter.Detail);
        Assert.DoesNotContain("hello", letter.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_envelope_in_another_channel_s_queue_is_a_dead_letter()
    {
        using var notify = await StartAsync("a");

        await PoisonAsync(notify, await TakeAsync(notify), "notify-sms");

        Assert.Equal(("unreadable_message", "notify-sms"),
            (Assert.Single(await LettersAsync(notify)).Cause, Assert.Single(await LettersAsync(notify)).Queue));
    }

    [Fact]
    public async Task A_range_of_a_topic_goes_out_once_more_and_then_is_a_dead_letter_that_can_be_sent_again()
    {
        using var notify = await StartAsync();
        var command = new FanOutCommand(null, "e1", "offers", "a", FanOutStep.Decide);

        await PoisonAsync(notify, command.Write(), FanOutQueue.Queue);
        var rescued = await TakeAsync(notify, FanOutQueue.Queue);
        Assert.Equal(command with { Rescued = true }, FanOutCommand.Read(rescued));
        await PoisonAsync(notify, rescued, FanOutQueue.Queue);
        await PoisonAsync(notify, "hello", FanOutQueue.UrgentQueue);

        Assert.Equal(["handler_failed notify-fanout", "unreadable_message notify-fanout-urgent"],
            (await LettersAsync(notify)).Select(letter => $"{letter.Cause} {letter.Queue}").Order(StringComparer.Ordinal));
        await notify.Get<DeadLetterRedrive>().RedriveAsync("handler_failed", preview: false, CancellationToken.None);
        Assert.Equal(command, FanOutCommand.Read(await TakeAsync(notify, FanOutQueue.Queue)));
    }

    [Fact]
    public async Task An_order_to_erase_goes_out_once_more_and_then_is_a_dead_letter()
    {
        using var notify = await StartAsync();
        var command = new EraseRecipientCommand("rvhl309p0mcm8olc", ["rvhl309p0mcm8olc"], ["user_1"], [], Tenant: null);

        await PoisonAsync(notify, command.Write(), RecipientErasure.Queue);
        var rescued = await TakeAsync(notify, RecipientErasure.Queue);
        await PoisonAsync(notify, rescued, RecipientErasure.Queue);

        var letter = Assert.Single(await LettersAsync(notify));
        Assert.Equal(("handler_failed", RecipientErasure.Queue, command.Write()), (letter.Cause, letter.Queue, letter.Message));
    }

    [Theory]
    // Plain text, as a client writes it that does not encode; base64 of bytes that are no text.
    [InlineData("hello, world")]
    [InlineData("gICA")]
    public async Task What_is_not_text_in_base64_is_a_dead_letter_as_it_is_stored(string stored)
    {
        using var notify = await StartAsync();

        await notify.Get<PoisonMessages>().HandleAsync(Queue, stored, CancellationToken.None);

        var letter = Assert.Single(await LettersAsync(notify));
        Assert.Equal(("unreadable_message", Queue, stored), (letter.Cause, letter.Queue, letter.Message));
    }

    [Fact]
    public async Task An_envelope_that_a_client_forgot_to_encode_goes_out_when_it_is_sent_again()
    {
        using var notify = await StartAsync("a");
        await notify.Get<PoisonMessages>().HandleAsync(Queue, await TakeAsync(notify), CancellationToken.None);

        await notify.Get<DeadLetterRedrive>().RedriveAsync("unreadable_message", preview: false, CancellationToken.None);
        await notify.RunQueuesAsync();

        Assert.Equal("sent", (await notify.ReadOnlyDeliveryAsync("e1")).Status);
        Assert.Empty(await LettersAsync(notify));
    }

    [Fact]
    public async Task Text_that_is_larger_than_a_message_can_be_written_stays_a_dead_letter()
    {
        using var notify = await StartAsync();
        await notify.Get<PoisonMessages>().HandleAsync(Queue, new string('-', 60_000), CancellationToken.None);
        await notify.Get<PoisonMessages>().HandleAsync(Queue, "hello, world", CancellationToken.None);

        var result = await notify.Get<DeadLetterRedrive>().RedriveAsync("unreadable_message", preview: false, CancellationToken.None);

        var left = Assert.Single(await LettersAsync(notify));
        Assert.Equal(60_000, left.Message.Length);
        Assert.Equal((1, left.Id), (result.Count, Assert.Single(result.TooLarge)));
    }

    [Fact]
    public async Task Every_poison_queue_is_emptied()
    {
        using var notify = await StartAsync();
        var some = 40;
        foreach (var queue in Backlog.Queues)
        {
            for (var i = 0; i < some; i++)
            {
                await notify.Backends.Queues.SendAsync(Backlog.PoisonOf(queue), $"hello {i}", TimeSpan.Zero, CancellationToken.None);
            }
        }

        await notify.Get<PoisonQueues>().DrainAsync(CancellationToken.None);

        var left = await Task.WhenAll(Backlog.Queues.Select(queue =>
            notify.Backends.Queues.CountAsync(Backlog.PoisonOf(queue), CancellationToken.None)));
        Assert.All(left, count => Assert.Equal(0, count));
        var letters = (await LettersAsync(notify)).CountBy(letter => letter.Queue).ToDictionary(StringComparer.Ordinal);
        // Digests leave none: the timer finds what is due.
        Assert.Equal(Backlog.Queues.Except([DigestSettings.Queue]).ToDictionary(queue => queue, _ => some, StringComparer.Ordinal),
            letters);
    }

    [Fact]
    public async Task A_message_that_cannot_be_handled_now_holds_up_no_other_and_comes_again()
    {
        using var notify = await StartAsync();
        var poison = Backlog.PoisonOf(Queue);
        await notify.Backends.Queues.SendAsync(poison, "first", TimeSpan.Zero, CancellationToken.None);
        await notify.Backends.Queues.SendAsync(poison, "second", TimeSpan.Zero, CancellationToken.None);
        var writes = 0;
        notify.Tables.BeforeWrite = (_, _) => ++writes == 1 ? throw new InvalidOperationException("a fault of ours") : Task.CompletedTask;

        await notify.Get<PoisonQueues>().DrainAsync(CancellationToken.None);

        Assert.Equal("second", Assert.Single(await LettersAsync(notify)).Message);
        notify.Clock.Advance(TimeSpan.FromMinutes(10));
        await notify.Get<PoisonQueues>().DrainAsync(CancellationToken.None);
        Assert.Equal(["first", "second"], (await LettersAsync(notify)).Select(letter => letter.Message).Order(StringComparer.Ordinal));
        Assert.Equal(0, await notify.Backends.Queues.CountAsync(poison, CancellationToken.None));
    }

    [Fact]
    public async Task Storage_that_is_away_is_waited_out()
    {
        using var notify = await StartAsync("a");
        await PoisonAsync(notify, await TakeAsync(notify));
        var rescued = await TakeAsync(notify);
        var failures = 3;
        notify.Tables.BeforeWrite = (_, _) => failures-- > 0 ? throw new TimeoutException("away") : Task.CompletedTask;

        var handling = PoisonAsync(notify, rescued);
        while (!handling.IsCompleted)
        {
            notify.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        await handling;

        Assert.Single(await LettersAsync(notify));
    }

    private static async Task<NotifyHarness> StartAsync(params string[] recipients)
    {
        var notify = new NotifyHarness();
        foreach (var recipient in recipients)
        {
            await notify.AddRecipientAsync(recipient);
        }
        if (recipients.Length > 0)
        {
            await notify.DispatchAsync(notify.Record(TestEvents.Alert() with { Recipients = recipients }));
        }
        return notify;
    }

    private static Task PoisonAsync(NotifyHarness notify, string message, string queue = Queue) =>
        notify.Get<PoisonMessages>().HandleAsync(queue, Convert.ToBase64String(Encoding.UTF8.GetBytes(message)), CancellationToken.None);

    private static async Task<string> TakeAsync(NotifyHarness notify, string queue = Queue)
    {
        var lease = Assert.Single(await notify.Backends.Queues.ReceiveAsync(queue, 1, TimeSpan.FromMinutes(1), CancellationToken.None));
        await notify.Backends.Queues.DeleteAsync(lease, CancellationToken.None);
        return Encoding.UTF8.GetString(lease.Body!.Value.Span);
    }

    private static async Task<List<DeadLetter>> LettersAsync(NotifyHarness notify) =>
        await notify.Get<DeadLetterBox>().ReadAsync(after: null, CancellationToken.None).ToListAsync();
}
