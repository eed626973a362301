using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Notify.Functions.Contract;
using Notify.Functions.Digests;
using Notify.Functions.Dispatch.FanOut;
using Notify.Functions.Erasure;
using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Ledger;
using Notify.Functions.Sending;
using Notify.Functions.Sending.DeadLetters;
using Notify.Functions.Sending.Pipeline;

namespace Notify.Functions.Recovery;

/// <summary>
/// What is done with messages whose function failed, or died, too often. A kill or an outage must never make a failure of a good message:
/// what has an outcome is left alone, what was never tried is enqueued once more, each delivery alone so that a bad one does not take
/// others with it. Only what comes back from there, and what cannot be read, is a dead letter.
/// </summary>
public sealed partial class PoisonMessages(
    DeliveryTable deliveries, IQueues queues, AttemptClaims claims, AttemptJournal journal, DeadLetterBox box, TransientFaultRetry retry,
    TimeProvider time, ILogger<PoisonMessages> logger)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Handles a message from a poison queue. Safe to repeat.</summary>
    /// <param name="queue">The queue that the message was sent to.</param>
    /// <param name="stored">The message as it is stored.</param>
    /// <param name="cancellationToken">Cancels the handling.</param>
    public Task HandleAsync(string queue, string stored, CancellationToken cancellationToken)
    {
        string message;
        try
        {
            message = Utf8.GetString(Convert.FromBase64String(stored));
        }
        catch (Exception fault) when (fault is FormatException or DecoderFallbackException)
        {
            return SetAsideAsync(queue, stored, DeliveryReasons.Unreadable, "The message is not text in base64.", cancellationToken);
        }
        try
        {
            // Only the reading is tried here: what a handler throws is in its task.
            return queue switch
            {
                DigestSettings.Queue => HandleDigestsAsync(queue),
                FanOutQueue.Queue or FanOutQueue.UrgentQueue =>
                    HandleOrderAsync(queue, Order.From(FanOutCommand.Read(message)), cancellationToken),
                RecipientErasure.Queue => HandleOrderAsync(queue, Order.From(EraseRecipientCommand.Read(message)), cancellationToken),
                _ => HandleEnvelopeAsync(queue, ReadEnvelope(queue, message), cancellationToken),
            };
        }
        catch (Exception fault) when (fault is EnvelopeFormatException or JsonException)
        {
            return SetAsideAsync(queue, message, DeliveryReasons.Unreadable, fault.Message, cancellationToken);
        }
    }

    private static Envelope ReadEnvelope(string queue, string message)
    {
        var envelope = EnvelopeSerializer.Read(message);
        return envelope.Channel == ChannelQueues.ChannelOf(queue)
            ? envelope : throw new EnvelopeFormatException($"An envelope of {envelope.Channel.Name()} stood in {queue}.");
    }

    private async Task HandleEnvelopeAsync(string queue, Envelope envelope, CancellationToken cancellationToken)
    {
        var work = envelope.Deliveries.Select(delivery => SendWork.From(envelope, delivery)).ToList();
        var found = await retry.RunAsync(token => deliveries.FindAttemptsAsync(work.Select(one => one.Attempt), token), cancellationToken);
        await journal.ResolveConflictsAsync(
            [.. work.Where(one => found.ContainsKey(one.Attempt)).Select(one => new ClaimConflict(one, found[one.Attempt]))],
            cancellationToken);
        var untried = await claims.WithoutSettledAsync([.. work.Where(one => !found.ContainsKey(one.Attempt))], cancellationToken);
        await OnceMoreAsync([.. untried.Where(one => !one.Delivery.Rescued)], cancellationToken);
        await journal.GiveUpAsync([.. untried.Where(one => one.Delivery.Rescued)], DeliveryReasons.HandlerFailed, cancellationToken);
        Handled(queue, work.Count, found.Count, untried.Count);
    }

    private async Task HandleOrderAsync(string queue, Order order, CancellationToken cancellationToken)
    {
        if (order.Rescued)
        {
            await SetAsideAsync(queue, order.Original, DeliveryReasons.HandlerFailed, order.What, cancellationToken);
            return;
        }
        await retry.RunAsync(token => queues.SendAsync(queue, order.OnceMore, TimeSpan.Zero, token), cancellationToken);
        Handled(queue, 1, 0, 1);
    }

    // The timer's next run finds by itself what is due.
    private Task HandleDigestsAsync(string queue)
    {
        Handled(queue, 1, 0, 0);
        return Task.CompletedTask;
    }

    private async Task OnceMoreAsync(IReadOnlyList<SendWork> work, CancellationToken cancellationToken)
    {
        foreach (var one in work)
        {
            var again = one.Again(TimeSpan.Zero);
            await journal.EnqueueAsync([again with { Delivery = again.Delivery with { Rescued = true } }], cancellationToken);
        }
    }

    private Task SetAsideAsync(string queue, string message, string cause, string detail, CancellationToken cancellationToken) =>
        box.AddAsync(DeadLetter.From(queue, message, cause, detail, time.GetUtcNow()), cancellationToken);

    [LoggerMessage(EventId = 2411, Level = LogLevel.Warning,
        Message = "A message of {queue} failed too often: {count} in it, {settled} with an attempt, {untried} without")]
    private partial void Handled(string queue, int count, int settled, int untried);

    /// <summary>A message that orders one thing: enqueued once more, marked, then a dead letter.</summary>
    private readonly record struct Order(bool Rescued, string Original, string OnceMore, string What)
    {
        public static Order From(FanOutCommand command) => new(
            command.Rescued, (command with { Rescued = false }).Write(), (command with { Rescued = true }).Write(),
            $"{command.Step} {command.EventId} for range {command.Partition} of a topic.");

        public static Order From(EraseRecipientCommand command) => new(
            command.Rescued, (command with { Rescued = false }).Write(), (command with { Rescued = true }).Write(),
            $"Erasing recipient {command.RowHash}.");
    }
}
