using System.Text.Json;
using Microsoft.Extensions.Logging;
using Notify.Functions.Channels;
using Notify.Functions.Channels.Sending;
using Notify.Functions.Delivery;
using Notify.Functions.Dispatch.FanOut;
using Notify.Functions.Events;
using Notify.Functions.Hosting;
using Notify.Functions.Recipients.Erasure;
using Notify.Functions.Storage;

namespace Notify.Functions.DeadLetters;

/// <summary>
/// What is done with messages whose function failed, or died, too often. A kill or an outage must never make a failure of a good message: what has an
/// outcome is left alone, what was never tried is enqueued once more, each delivery alone so that a bad one does not take others with it. Only what comes
/// back from there, and what cannot be read, is a dead letter.
/// </summary>
public sealed partial class PoisonMessages(
    ITables tables, IQueues queues, AttemptClaims claims, AttemptFacts facts, Consequences consequences, EnvelopePacker packer, DeadLetterBox box, PatientPipeline patient,
    TimeProvider time, ILogger<PoisonMessages> logger)
{
    /// <summary>Handles a message from the poison queue of a channel's lane.</summary>
    public async Task HandleEnvelopeAsync(string queue, Channel channel, string message, CancellationToken cancellationToken)
    {
        Envelope envelope;
        try
        {
            envelope = EnvelopeFormat.Read(message);
            if (envelope.Channel != channel)
            {
                throw new EnvelopeFormatException($"An envelope of {envelope.Channel.Name()} stood in a queue of {channel.Name()}.");
            }
        }
        catch (EnvelopeFormatException fault)
        {
            await SetAsideAsync(queue, message, Reasons.Unreadable, fault.Message, cancellationToken).ConfigureAwait(false);
            return;
        }
        var work = envelope.Deliveries.Select(delivery => SendWork.From(envelope, delivery)).ToList();
        var keys = work.Select(one => new TableRow(one.Attempt.Delivery.Partition, one.Attempt.ToString())).ToList();
        var rows = await patient.RunAsync(token => tables.ReadAllAsync(TableNames.Deliveries, keys, token), cancellationToken).ConfigureAwait(false);
        var found = rows.Select(AttemptRow.From).ToDictionary(row => row.Id);
        await consequences.OfConflictsAsync([.. work.Where(one => found.ContainsKey(one.Attempt)).Select(one => new ClaimConflict(one, found[one.Attempt]))], cancellationToken)
            .ConfigureAwait(false);
        var untried = await claims.WithoutSettledAsync([.. work.Where(one => !found.ContainsKey(one.Attempt))], cancellationToken).ConfigureAwait(false);
        await OnceMoreAsync([.. untried.Where(one => !one.Delivery.Rescued)], cancellationToken).ConfigureAwait(false);
        await GiveUpAsync([.. untried.Where(one => one.Delivery.Rescued)], cancellationToken).ConfigureAwait(false);
        Handled(queue, work.Count, found.Count, untried.Count);
    }

    /// <summary>Handles a message from the poison queue of topic ranges.</summary>
    public async Task HandleFanOutAsync(string queue, string message, CancellationToken cancellationToken)
    {
        FanOutOrder order;
        try
        {
            order = FanOutOrder.Read(message);
        }
        catch (JsonException fault)
        {
            await SetAsideAsync(queue, message, Reasons.Unreadable, fault.Message, cancellationToken).ConfigureAwait(false);
            return;
        }
        if (order.Rescued)
        {
            await SetAsideAsync(queue, (order with { Rescued = false }).Write(), Reasons.HandlerFailed, $"{order.Step} {order.EventId} for range {order.Partition} of a topic.", cancellationToken).ConfigureAwait(false);
            return;
        }
        await patient.RunAsync(token => queues.SendAsync(queue, (order with { Rescued = true }).Write(), TimeSpan.Zero, token), cancellationToken).ConfigureAwait(false);
        Handled(queue, 1, 0, 1);
    }

    /// <summary>Handles a message from the poison queue of erasures.</summary>
    public async Task HandleErasureAsync(string message, CancellationToken cancellationToken)
    {
        ErasureOrder order;
        try
        {
            order = ErasureOrder.Read(message);
        }
        catch (JsonException fault)
        {
            await SetAsideAsync(RecipientErasure.Queue, message, Reasons.Unreadable, fault.Message, cancellationToken).ConfigureAwait(false);
            return;
        }
        if (order.Rescued)
        {
            await SetAsideAsync(RecipientErasure.Queue, (order with { Rescued = false }).Write(), Reasons.HandlerFailed, $"Erasing recipient {order.RowHash}.", cancellationToken).ConfigureAwait(false);
            return;
        }
        await patient.RunAsync(token => queues.SendAsync(RecipientErasure.Queue, (order with { Rescued = true }).Write(), TimeSpan.Zero, token), cancellationToken).ConfigureAwait(false);
        Handled(RecipientErasure.Queue, 1, 0, 1);
    }

    /// <summary>Handles a message from the poison queue of the digests: the timer's next run finds by itself what is due.</summary>
    public Task HandleDigestsAsync(string queue)
    {
        Handled(queue, 1, 0, 0);
        return Task.CompletedTask;
    }

    private async Task OnceMoreAsync(IReadOnlyList<SendWork> work, CancellationToken cancellationToken)
    {
        foreach (var one in work)
        {
            var again = one.Again(TimeSpan.Zero);
            await patient.RunAsync(token => packer.EnqueueAsync([again with { Delivery = again.Delivery with { Rescued = true } }], token), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task GiveUpAsync(IReadOnlyList<SendWork> work, CancellationToken cancellationToken)
    {
        if (work.Count == 0)
        {
            return;
        }
        var (given, tried) = await facts.RecordGivenUpAsync(work, Reasons.HandlerFailed, cancellationToken).ConfigureAwait(false);
        await consequences.OfFactsAsync(given, cancellationToken).ConfigureAwait(false);
        await consequences.OfConflictsAsync(tried, cancellationToken).ConfigureAwait(false);
    }

    private Task SetAsideAsync(string queue, string message, string cause, string detail, CancellationToken cancellationToken) =>
        box.AddAsync(DeadLetter.Of(queue, message, cause, detail, time.GetUtcNow()), cancellationToken);

    [LoggerMessage(EventId = 2411, Level = LogLevel.Warning, Message = "A message of {queue} failed too often: {count} in it, {settled} with an attempt, {untried} without")]
    private partial void Handled(string queue, int count, int settled, int untried);
}
