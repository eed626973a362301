using Microsoft.Extensions.Logging;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Infrastructure.Resilience;
using Notify.Functions.Infrastructure.Tables;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Profiles;
using Notify.Functions.Recipients.Suppressions;
using Notify.Functions.Recipients.Topics;

namespace Notify.Functions.Erasure;

/// <summary>
/// Erases recipients: first a mark in their row, by which nothing more is decided for them; then everything that names them, table by table; later, when what was
/// on its way then has come to an end, once more. Every step may be done again.
/// </summary>
public sealed partial class RecipientErasure(
    ITables tables, IQueues queues, RecipientRows rows, KeyedHashes keyedHashes, AddressHashes addresses, TopicSubscribers topics, DeliveryEraser deliveries, EventEraser events, AuxiliaryDataEraser leftovers,
    TransientFaultRetry patient, TimeProvider time, ILogger<RecipientErasure> logger)
{
    /// <summary>The queue of orders.</summary>
    public const string Queue = "notify-erase";

    /// <summary>After this whatever a process had in hand when the mark was set has come to an end: a queue message is leased for ten minutes.</summary>
    public static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Marks a recipient as erased and orders the rest; when the task completes that is durable, and nothing is sent to them any more but what is at a provider already. Safe to repeat.
    /// An address is erased in its one form and as it is written here, because an earlier version has kept it as events wrote it.
    /// </summary>
    public async Task<ErasureReport> BeginAsync(string? tenant, string written, CancellationToken cancellationToken)
    {
        var recipient = AddressNormalizer.Recipient(written) ?? written;
        var hash = rows.HashOf(tenant, recipient);
        var row = await rows.GetAsync(hash, cancellationToken);
        var profile = row is null ? null : StoredRecipient.From(row).Profile;
        // Events may have named the addresses instead.
        string[] recipients = [.. new[] { recipient, written, Prefixed(AddressSyntax.MailPrefix, profile?.Email), Prefixed(AddressSyntax.PhonePrefix, profile?.Phone) }.OfType<string>().Distinct(StringComparer.Ordinal)];
        var report = new ErasureReport { ErasedAt = time.GetUtcNow(), State = ErasureReport.Erasing };
        foreach (var name in recipients)
        {
            await rows.SetAsync(report.WriteTo(rows.KeyOf(tenant, name)), cancellationToken);
        }
        var order = new EraseRecipientCommand(
            hash,
            [.. recipients.SelectMany(name => new[] { keyedHashes.RecipientHash(tenant, name), rows.HashOf(tenant, name) }).Distinct(StringComparer.Ordinal)],
            recipients,
            (profile ?? RecipientProfile.OfAddress(tenant, recipient)) is { } known ? [.. addresses.Compute(known).Keys] : [],
            tenant);
        await queues.SendAsync(Queue, order.Write(), TimeSpan.Zero, cancellationToken);
        foreach (var one in order.Hashes)
        {
            await deliveries.StopNewAsync(one, cancellationToken);
        }
        Begun(hash);
        return report;
    }

    /// <summary>What was erased; <see langword="null"/> where the recipient never was.</summary>
    public async Task<ErasureReport?> FindAsync(string? tenant, string recipient, CancellationToken cancellationToken) =>
        await rows.GetAsync(rows.HashOf(tenant, recipient), cancellationToken) is { } row ? ErasureReport.From(row) : null;

    /// <summary>Goes through everything once.</summary>
    public Task EraseAsync(EraseRecipientCommand order, CancellationToken cancellationToken) => patient.RunAsync(token => SweepAsync(order, token), cancellationToken);

    private async Task SweepAsync(EraseRecipientCommand order, CancellationToken cancellationToken)
    {
        var found = new ErasureCounts();
        var isFirst = order.Recipients.Count > 0;
        foreach (var name in order.Recipients)
        {
            await foreach (var subscription in topics.TopicsOfAsync(order.Tenant, name, after: null, cancellationToken))
            {
                await topics.UnsubscribeAsync(order.Tenant, subscription.Topic, name, cancellationToken);
                found.Add(TableNames.Topics);
            }
        }
        foreach (var hash in order.Hashes)
        {
            var about = await deliveries.EraseAsync(hash, found, cancellationToken);
            await events.EraseAsync(hash, about, found, cancellationToken);
            await leftovers.EraseAsync(hash, found, cancellationToken);
        }
        if (isFirst)
        {
            await leftovers.EraseNamedAsync([.. order.Recipients, .. order.Addresses], found, cancellationToken);
            // Again, without a name in it, before the names are gone from the rows.
            await queues.SendAsync(Queue, (order with { Recipients = [], Addresses = [], Rescued = false }).Write(), LookAgain, cancellationToken);
        }
        foreach (var hash in order.Hashes)
        {
            await FinishAsync(hash, order, isFirst ? ErasureReport.Erased : ErasureReport.Verified, found, cancellationToken);
        }
        Erased(order.RowHash, found.All.Values.Sum(), isFirst ? "now" : "when it was looked for again");
    }

    // The row itself: the profile goes. What was refused and which addresses are suppressed stays, by names of categories and by hashes, so that nobody who comes back
    // is sent what they had refused. Whoever has come back since keeps their profile.
    private async Task FinishAsync(string hash, EraseRecipientCommand order, string state, ErasureCounts found, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await rows.GetAsync(hash, cancellationToken) is not { } row || ErasureReport.From(row) is not { } report)
            {
                return;
            }
            var stored = StoredRecipient.From(row);
            if (stored.IsBeingErased && (stored.Profile ?? AddressOf(hash, order)) is { } profile)
            {
                await ForgetAddressesAsync(hash, profile, found, cancellationToken);
            }
            var isOwn = string.Equals(hash, order.RowHash, StringComparison.Ordinal);
            var done = report.With(state, isOwn ? found : new ErasureCounts());
            if (stored.IsBeingErased)
            {
                row[StoredRecipient.ProfileColumn] = null;
                row[StoredRecipient.PreferencesColumn] = stored.Preferences.OfNobody().Write();
            }
            if ((await rows.ChangeAsync(TableWrite.Replace(done.WriteTo(row), row.ETag), cancellationToken)).IsDone)
            {
                return;
            }
        }
    }

    // A bare address has no profile, and may be suppressed all the same.
    private RecipientProfile? AddressOf(string hash, EraseRecipientCommand order) => order.Recipients
        .Where(name => string.Equals(rows.HashOf(order.Tenant, name), hash, StringComparison.Ordinal))
        .Select(name => RecipientProfile.OfAddress(order.Tenant, name)).FirstOrDefault();

    // A suppressed address stays suppressed, by its hash; what somebody has written about it goes. A provider's code names nobody.
    private async Task ForgetAddressesAsync(string hash, RecipientProfile profile, ErasureCounts found, CancellationToken cancellationToken)
    {
        foreach (var id in addresses.Compute(profile).Values)
        {
            var partition = KeyedHashes.PartitionOf(id);
            await tables.DeleteAllAsync(TableNames.Addresses, [new TableRow(partition, $"{id}.{hash}")], cancellationToken);
            if (await tables.GetAsync(TableNames.Suppressions, partition, id, cancellationToken) is { } row && Suppression.From(row) is var suppression
                && (suppression.Address is not null || NoteOf(suppression) is not null))
            {
                var left = suppression with { Address = null, Detail = NoteOf(suppression) is null ? suppression.Detail : null };
                await tables.WriteAsync(TableNames.Suppressions, [TableWrite.Replace(left.ToTable(), row.ETag)], cancellationToken);
                found.Add(TableNames.Suppressions);
            }
        }
        found.Add(TableNames.Recipients);
    }

    private static string? NoteOf(Suppression suppression) => suppression.Source == SuppressionSource.Manual ? suppression.Detail : null;

    private static string? Prefixed(string prefix, string? address) => address is null ? null : prefix + address;

    [LoggerMessage(EventId = 1601, Level = LogLevel.Information, Message = "Recipient {hash} is erased: nothing more is decided for them")]
    private partial void Begun(string hash);

    [LoggerMessage(EventId = 1602, Level = LogLevel.Information, Message = "Recipient {hash} erased from {count} rows, {when}")]
    private partial void Erased(string hash, int count, string when);
}
