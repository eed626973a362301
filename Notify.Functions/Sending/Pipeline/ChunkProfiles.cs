using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Recipients;
using Notify.Functions.Recipients.Profiles;

namespace Notify.Functions.Sending.Pipeline;

/// <summary>The profiles of one chunk's recipients. Each profile is read at most once, by the step that needs it first.</summary>
public sealed class ChunkProfiles(TableRecipientDirectory directory, TransientFaultRetry retry)
{
    private readonly Dictionary<(string? Tenant, string Recipient), RecipientProfile?> _read = [];

    /// <summary>The profiles of recipients of a tenant, by id. Recipients without a profile are left out.</summary>
    public async Task<IReadOnlyDictionary<string, RecipientProfile>> FindAsync(
        string? tenant, IEnumerable<string> recipients, CancellationToken cancellationToken)
    {
        var wanted = recipients.Distinct(StringComparer.Ordinal).ToList();
        var missing = wanted.Where(recipient => !_read.ContainsKey((tenant, recipient))).ToList();
        if (missing.Count > 0)
        {
            var found = await retry.RunAsync(token => directory.FindAsync(tenant, missing, token), cancellationToken);
            missing.ForEach(recipient => _read[(tenant, recipient)] = found.GetValueOrDefault(recipient));
        }
        return wanted
            .Where(recipient => _read[(tenant, recipient)] is not null)
            .ToDictionary(recipient => recipient, recipient => _read[(tenant, recipient)]!, StringComparer.Ordinal);
    }
}
