using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Sending.Throttling;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>
/// Sends the deliveries of an envelope: check them, find a provider with capacity, claim them in the ledger, send, record the outcomes.
/// Every step may be repeated. If the process crashes between two steps, the rows of the attempts tell what was tried.
/// </summary>
public sealed class SendPipeline(
    SendPreparation preparation, ProviderRouter router, Deferrals deferrals, AttemptClaims claims, ProviderDispatcher dispatcher,
    AttemptJournal journal, IOptions<ChannelsOptions> channels, TimeProvider time)
{
    /// <summary>Handles one queue message of a channel. Returns when every delivery in it has an outcome or was enqueued again.</summary>
    /// <exception cref="EnvelopeFormatException">The message is no envelope of this channel.</exception>
    /// <exception cref="StoppingException">The process is to end; what is not claimed yet comes again with the message.</exception>
    public async Task HandleAsync(Channel channel, string message, CancellationToken cancellationToken)
    {
        var envelope = EnvelopeSerializer.Read(message);
        if (envelope.Channel != channel)
        {
            throw new EnvelopeFormatException($"An envelope of {envelope.Channel.Name()} stood in a queue of {channel.Name()}.");
        }
        var work = envelope.Deliveries.Select(delivery => SendWork.From(envelope, delivery)).ToList();
        foreach (var chunk in work.Chunk(channels.Value.For(channel).BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            claims.ThrowIfStopping();
            await HandleChunkAsync(channel, chunk, cancellationToken);
        }
    }

    private async Task HandleChunkAsync(Channel channel, IReadOnlyList<SendWork> chunk, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var open = await claims.WithoutSettledAsync(chunk, cancellationToken);
        var expired = open.Where(work => work.Event.ExpiresAt <= now).ToList();
        await journal.ExpireAsync(expired, cancellationToken);
        var ready = await preparation.PrepareAsync(channel, [.. open.Except(expired)], cancellationToken);
        // Each class waits for its own share of the rate limit.
        await Task.WhenAll(ready.GroupBy(work => work.Event.Priority.RateClass())
            .Select(same => HandleClassAsync(channel, same.Key, [.. same], cancellationToken)));
    }

    private async Task HandleClassAsync(
        Channel channel, RateClass rateClass, IReadOnlyList<SendWork> same, CancellationToken cancellationToken)
    {
        var sending = new List<Task>();
        try
        {
            await foreach (var step in router.RouteAsync(channel, rateClass, same, cancellationToken))
            {
                sending.AddRange(step.Routes.Select(route => SendAsync(channel, rateClass, route, cancellationToken)));
                await deferrals.DeferAsync(step.Waiting, cancellationToken);
            }
        }
        finally
        {
            await Task.WhenAll(sending);
        }
    }

    private async Task SendAsync(Channel channel, RateClass rateClass, Route route, CancellationToken cancellationToken)
    {
        using var claimed = await claims.ClaimAsync(route.Work, route.Sender.Name, cancellationToken);
        await journal.RecordNotWonAsync(claimed);
        if (claimed.Won.Count == 0)
        {
            await dispatcher.ReturnGrantAsync(channel, route);
            return;
        }
        CrashPoint.Hit(CrashPoint.AfterClaim);
        var outcomes = await dispatcher.SendAsync(channel, rateClass, route, claimed);
        CrashPoint.Hit(CrashPoint.AfterProvider);
        await journal.RecordAsync(channel, outcomes, claimed);
    }
}
