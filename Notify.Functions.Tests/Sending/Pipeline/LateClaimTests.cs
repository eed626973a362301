using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Sending;
using Notify.Functions.Sending.Pipeline;
using Notify.Functions.Tests.Harness;

namespace Notify.Functions.Tests.Sending.Pipeline;

/// <summary>A sender that was stopped, or whose storage answered late, between its claim and its request.</summary>
public sealed class LateClaimTests : IDisposable
{
    private readonly NotifyHarness _notify = new();

    private ScriptedSender Sender => _notify.Senders[Channel.Push];

    public void Dispose() => _notify.Dispose();

    [Theory]
    [InlineData(EventType.Alert)]
    [InlineData(EventType.Marketing)]
    public async Task What_was_claimed_too_slowly_is_not_sent_by_that_attempt_but_by_the_next_one(EventType type)
    {
        var message = await DispatchedAsync(type);
        AfterClaim(() => _notify.Clock.Advance(new SendingOptions().ChunkLimit));

        await SendAsync(message);

        Assert.Empty(Sender.Targets);
        Assert.EndsWith(": claim_too_late", (await _notify.ReadOnlyDeliveryAsync("e1")).Reason, StringComparison.Ordinal);
        _notify.Clock.Advance(TimeSpan.FromMinutes(1));
        await _notify.RunQueuesAsync();
        var delivery = await _notify.ReadOnlyDeliveryAsync("e1");
        Assert.Equal(("sent", 2), (delivery.Status, delivery.Attempts));
        Assert.EndsWith("~2", Assert.Single(Sender.Targets).AttemptId, StringComparison.Ordinal);
        Assert.DoesNotContain(delivery.Timeline, entry => entry.Fact == "unknown");
    }

    [Theory]
    [InlineData(EventType.Alert, 1)]
    [InlineData(EventType.Marketing, 0)]
    public async Task What_another_sender_has_taken_over_meanwhile_is_left_to_that_one(EventType type, int sent)
    {
        var message = await DispatchedAsync(type);
        Task? other = null;
        AfterClaim(() =>
        {
            _notify.Clock.Advance(new SendingOptions().ClaimLength + TimeSpan.FromSeconds(2));
            other = SendAsync(message);
        });

        await SendAsync(message);
        await other!;
        _notify.Clock.Advance(TimeSpan.FromMinutes(1));
        await _notify.RunQueuesAsync();

        Assert.Equal(sent, Sender.Targets.Count);
        Assert.Contains((await _notify.ReadOnlyDeliveryAsync("e1")).Timeline, entry =>
            entry is { Fact: "unknown", Detail: "claim_expired" });
    }

    [Fact]
    public async Task An_insert_that_is_answered_after_the_claim_has_run_out_sends_nothing()
    {
        var message = await DispatchedAsync(EventType.Alert);
        AfterClaim(() =>
        {
            _notify.Clock.Advance(new SendingOptions().ClaimLength);
            throw new IOException("The answer is lost.");
        });

        var sending = SendAsync(message);
        while (!sending.IsCompleted)
        {
            _notify.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }
        await sending;

        Assert.Empty(Sender.Targets);
        Assert.Contains((await _notify.ReadOnlyDeliveryAsync("e1")).Timeline, entry =>
            entry is { Fact: "retry", Detail: "claim_too_late" });
    }

    [Fact]
    public async Task Our_own_claim_that_somebody_has_settled_is_no_leave_to_send()
    {
        var message = await DispatchedAsync(EventType.Alert);
        Task? other = null;
        AfterClaim(() =>
        {
            _notify.Clock.Advance(new SendingOptions().ClaimLength + TimeSpan.FromSeconds(2));
            other = SendAsync(message);
            throw new IOException("The answer is lost.");
        });

        var sending = SendAsync(message);
        while (!sending.IsCompleted || other is not { IsCompleted: true })
        {
            _notify.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1);
        }
        await Task.WhenAll(sending, other);
        _notify.Clock.Advance(TimeSpan.FromMinutes(1));
        await _notify.RunQueuesAsync();

        Assert.Single(Sender.Targets);
        Assert.EndsWith("~2", Sender.Targets[0].AttemptId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recording_whose_answer_is_lost_still_brings_the_next_attempt()
    {
        var message = await DispatchedAsync(EventType.Alert);
        var lost = false;
        _notify.Tables.AfterWrite = (_, writes) =>
        {
            if (writes[0] is { Kind: TableWriteKind.Insert } insert && AttemptId.TryParse(insert.Row.Key, out var attempt)
                && attempt.Number == 1)
            {
                _notify.Clock.Advance(new SendingOptions().ChunkLimit);
            }
            else if (!lost && writes[0] is { Kind: TableWriteKind.Merge, ETag: not null })
            {
                lost = true;
                throw new IOException("The answer is lost.");
            }
            return Task.CompletedTask;
        };

        var sending = SendAsync(message);
        while (!sending.IsCompleted)
        {
            _notify.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1);
        }
        await sending;
        _notify.Clock.Advance(TimeSpan.FromMinutes(1));
        await _notify.RunQueuesAsync();

        Assert.True(lost);
        Assert.Single(Sender.Targets);
    }

    // Once, when the first attempt's row has been inserted.
    private void AfterClaim(Action act) => _notify.Tables.AfterWrite = (_, writes) =>
    {
        if (writes[0].Kind == TableWriteKind.Insert && AttemptId.TryParse(writes[0].Row.Key, out AttemptId _))
        {
            _notify.Tables.AfterWrite = FaultyTables.Nothing;
            act();
        }
        return Task.CompletedTask;
    };

    private Task SendAsync(string message) => _notify.Get<SendPipeline>().HandleAsync(Channel.Push, message, CancellationToken.None);

    private async Task<string> DispatchedAsync(EventType type)
    {
        await _notify.AddRecipientAsync("user_1");
        await _notify.DispatchAsync(_notify.Record(TestEvents.Alert() with { Type = type }));
        var lease = Assert.Single(await _notify.Backends.Queues.ReceiveAsync(ChannelQueues.PushUrgent, 32, TimeSpan.FromDays(1),
            CancellationToken.None));
        await _notify.Backends.Queues.DeleteAsync(lease, CancellationToken.None);
        return System.Text.Encoding.UTF8.GetString(lease.Body!.Value.Span);
    }
}
