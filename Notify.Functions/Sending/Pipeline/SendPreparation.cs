using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Recipients;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>Checks once more what may be sent, and renders it. What is left out has been recorded with its reason.</summary>
public sealed class SendPreparation(
    CancellationCheck cancellation, RecipientRulesRecheck recheck, DigestMembers digests, TemplateRenderStep rendering,
    TableRecipientDirectory directory, TransientFaultRetry retry)
{
    /// <summary>The deliveries to send, with their content.</summary>
    public async Task<IReadOnlyList<SendWork>> PrepareAsync(
        Channel channel, IReadOnlyList<SendWork> chunk, CancellationToken cancellationToken)
    {
        var profiles = new ChunkProfiles(directory, retry);
        var open = await cancellation.LeaveOutAsync(chunk, cancellationToken);
        open = await recheck.LeaveOutAsync(channel, open, profiles, cancellationToken);
        open = await digests.LeaveOutAsync(open, profiles, cancellationToken);
        return await rendering.RenderAsync(channel, open, profiles, cancellationToken);
    }
}
