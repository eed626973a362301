using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Sending.Throttling;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>
/// The one way from an envelope to a provider: find one that may be asked now, claim by attempt rows, send, record the facts, then their consequences. Any step may be
/// done again; whatever dies between two of them, the attempt rows say what was tried.
/// </summary>
public sealed class SendPipeline(
    CancellationCheck cancelled, RecipientRulesRecheck suppressed, TemplateRenderStep rendered, ProviderRouter router, Deferrals deferrals, AttemptClaims claims, ProviderRounds rounds, AttemptFacts facts, Consequences consequences, RejectedAddressSuppressor dead, IOptions<ChannelsOptions> channels, TimeProvider time)
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
        var late = open.Where(work => work.Event.ExpiresAt <= now).ToList();
        var tried = await facts.RecordExpiredAsync(late, cancellationToken);
        var wanted = await cancelled.LeaveOutAsync([.. open.Except(late)], cancellationToken);
        wanted = await suppressed.LeaveOutAsync(channel, wanted, cancellationToken);
        wanted = await rendered.RenderAsync(channel, wanted, cancellationToken);
        await consequences.OfConflictsAsync(tried, cancellationToken);
        // Each class waits for itself.
        await Task.WhenAll(wanted.GroupBy(work => work.Event.Priority.RateClass())
            .Select(same => HandleClassAsync(channel, same.Key, [.. same], cancellationToken)));
    }

    private async Task HandleClassAsync(Channel channel, RateClass of, IReadOnlyList<SendWork> same, CancellationToken cancellationToken)
    {
        var sending = new List<Task>();
        try
        {
            await foreach (var step in router.RouteAsync(channel, of, same, cancellationToken))
            {
                sending.AddRange(step.Routes.Select(route => SendAsync(channel, of, route, cancellationToken)));
                await deferrals.DeferAsync(step.Waiting, cancellationToken);
            }
        }
        finally
        {
            await Task.WhenAll(sending);
        }
    }

    private async Task SendAsync(Channel channel, RateClass of, Route route, CancellationToken cancellationToken)
    {
        using var claimed = await claims.ClaimAsync(route.Work, route.Sender.Name, cancellationToken);
        // What is claimed is not left without an outcome: its answer would count as lost.
        await consequences.OfFactsAsync(await facts.RecordTooLateAsync(claimed, CancellationToken.None), CancellationToken.None);
        await consequences.OfConflictsAsync(claimed.Conflicts, CancellationToken.None);
        if (claimed.Won.Count == 0)
        {
            await rounds.NotSentAsync(channel, route);
            return;
        }
        CrashPoint.Hit(CrashPoint.AfterClaim);
        var outcomes = await rounds.SendAsync(channel, of, route, claimed);
        CrashPoint.Hit(CrashPoint.AfterProvider);
        // From here on nothing is cancelled: what was sent must be written down, however long storage is away.
        var recorded = await facts.RecordAsync(outcomes, claimed, CancellationToken.None);
        CrashPoint.Hit(CrashPoint.AfterFacts);
        await consequences.OfFactsAsync(recorded, CancellationToken.None);
        await dead.SuppressAsync(channel, outcomes, CancellationToken.None);
    }
}
