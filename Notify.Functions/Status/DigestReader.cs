using Notify.Functions.Contract;
using Notify.Functions.Ledger;

namespace Notify.Functions.Status;

/// <summary>Reads a digest with its members from the ledger.</summary>
public sealed class DigestReader(DeliveryTable deliveries)
{
    private const int ReadsAtOnce = 16;

    /// <summary>The digest of a delivery id; <see langword="null"/> where there is no such digest of this tenant.</summary>
    public async Task<DigestView?> FindAsync(string? tenant, string id, CancellationToken cancellationToken)
    {
        if (!DeliveryId.TryParse(id, out var parsed)
            || await deliveries.FindAsync(parsed, cancellationToken) is not { Decision.Members: { } names } digest
            || !string.Equals(digest.Decision.Tenant, tenant, StringComparison.Ordinal))
        {
            return null;
        }
        var members = new List<DeliveryView>();
        foreach (var some in names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Chunk(ReadsAtOnce))
        {
            var found = await Task.WhenAll(some.Select(name => FindMemberAsync(name, digest, cancellationToken)));
            members.AddRange(found.OfType<DeliveryView>());
        }
        var decision = digest.Decision;
        return new DigestView
        {
            Id = id,
            Type = decision.Type.Name(),
            Priority = decision.Priority.Name(),
            CreatedAt = decision.At,
            Tenant = decision.Tenant,
            Counts = new SortedDictionary<string, int>(members.GroupBy(member => member.Status, StringComparer.Ordinal)
                .ToDictionary(same => same.Key, same => same.Count()), StringComparer.Ordinal),
            Deliveries = [Timeline.Build(digest, digest: null)],
            Members = members,
        };
    }

    private async Task<DeliveryView?> FindMemberAsync(string name, DeliveryRecord digest, CancellationToken cancellationToken) =>
        DeliveryId.TryParse(name, out var id) && await deliveries.FindAsync(id, cancellationToken) is { } member
            ? Timeline.Build(member, digest) with { EventId = member.Decision.EventId }
            : null;
}
