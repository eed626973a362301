using Notify.Functions.Contract;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Templates;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>
/// Renders what a template, or a digest, is to say, in the language that the recipient has now. What cannot be said any more (another
/// deployment has other templates, a profile has changed) has failed, and is kept to be sent again when that is put right.
/// </summary>
public sealed class TemplateRenderStep(TemplateRenderer templates, DigestContents digests, AttemptJournal journal)
{
    /// <summary>The deliveries that can be sent, with their content; the others are recorded as failed.</summary>
    public async Task<IReadOnlyList<SendWork>> RenderAsync(
        Channel channel, IReadOnlyList<SendWork> chunk, ChunkProfiles profiles, CancellationToken cancellationToken)
    {
        if (!chunk.Any(IsToBeRendered))
        {
            return chunk;
        }
        var ready = chunk.Where(work => !IsToBeRendered(work)).ToList();
        var failed = new List<(SendWork Work, string Reason)>();
        foreach (var tenant in chunk.Where(IsToBeRendered).GroupBy(work => work.Event.Tenant, StringComparer.Ordinal))
        {
            var known = await profiles.FindAsync(tenant.Key, tenant.Select(work => work.Delivery.Recipient), cancellationToken);
            foreach (var same in tenant.GroupBy(work => work.Attempt.Delivery.EventHash, StringComparer.Ordinal))
            {
                var content = templates.ContentOf(same.First().Event);
                foreach (var work in same)
                {
                    // Who has no profile any more has no language.
                    var profile = known.GetValueOrDefault(work.Delivery.Recipient) ?? new RecipientProfile { Id = work.Delivery.Recipient };
                    var rendering = work.Event.Digest is { } entries
                        ? digests.Render(entries, channel, profile)
                        : content.For(channel, profile);
                    if (rendering.Fault is { } reason)
                    {
                        failed.Add((work, reason));
                    }
                    else
                    {
                        ready.Add(work with { Content = rendering.Content, Locale = rendering.Locale });
                    }
                }
            }
        }
        foreach (var (reason, works) in failed.GroupBy(one => one.Reason, one => one.Work, StringComparer.Ordinal)
            .Select(group => (group.Key, group.ToList())))
        {
            await journal.GiveUpAsync(works, reason, cancellationToken);
        }
        return ready;
    }

    private static bool IsToBeRendered(SendWork work) => work.Event.Template is not null || work.Event.Digest is not null;
}
