using Microsoft.Extensions.Logging;
using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Queues;
using Notify.Functions.Ledger;
using Notify.Functions.Recipients.Profiles;

namespace Notify.Functions.Erasure;

/// <summary>
/// Begins erasures: marks the recipient's row, so that nothing more is decided for the recipient, and enqueues the command to erase the
/// rest. Every step may be repeated.
/// </summary>
public sealed partial class RecipientErasure(
    IQueues queues, RecipientRows rows, KeyedHashes keyedHashes, AddressHashes addresses, DeliveryEraser deliveries, TimeProvider time,
    ILogger<RecipientErasure> logger)
{
    /// <summary>The queue of commands.</summary>
    public const string Queue = "notify-erase";

    /// <summary>
    /// Marks a recipient as erased and orders the rest; when the task completes that is durable, and nothing is sent to them any more but
    /// what is at a provider already. Safe to repeat. An address is erased in its one form and as it is written here, because an earlier
    /// version has kept it as events wrote it.
    /// </summary>
    public async Task<ErasureReport> BeginAsync(string? tenant, string written, CancellationToken cancellationToken)
    {
        var recipient = AddressNormalizer.Recipient(written) ?? written;
        var hash = rows.HashOf(tenant, recipient);
        var row = await rows.GetAsync(hash, cancellationToken);
        var profile = row is null ? null : StoredRecipient.From(row).Profile;
        // Events may have named the addresses instead.
        string[] recipients = [.. new[] { recipient, written, Prefixed(AddressSyntax.MailPrefix, profile?.Email),
            Prefixed(AddressSyntax.PhonePrefix, profile?.Phone) }.OfType<string>().Distinct(StringComparer.Ordinal)];
        var report = new ErasureReport { ErasedAt = time.GetUtcNow(), State = ErasureReport.Erasing };
        foreach (var name in recipients)
        {
            await rows.SetAsync(report.WriteTo(rows.KeyOf(tenant, name)), cancellationToken);
        }
        var command = new EraseRecipientCommand(
            hash,
            [.. recipients.SelectMany(name => new[] { keyedHashes.RecipientHash(tenant, name), rows.HashOf(tenant, name) })
                .Distinct(StringComparer.Ordinal)],
            recipients,
            (profile ?? RecipientProfile.OfAddress(tenant, recipient)) is { } known ? [.. addresses.Compute(known).Keys] : [],
            tenant);
        await queues.SendAsync(Queue, command.Write(), TimeSpan.Zero, cancellationToken);
        foreach (var one in command.Hashes)
        {
            await deliveries.StopNewAsync(one, cancellationToken);
        }
        Begun(hash);
        return report;
    }

    /// <summary>What was erased; <see langword="null"/> where the recipient never was.</summary>
    public async Task<ErasureReport?> FindAsync(string? tenant, string recipient, CancellationToken cancellationToken) =>
        await rows.GetAsync(rows.HashOf(tenant, recipient), cancellationToken) is { } row ? ErasureReport.From(row) : null;

    private static string? Prefixed(string prefix, string? address) => address is null ? null : prefix + address;

    [LoggerMessage(EventId = 1601, Level = LogLevel.Information, Message = "Recipient {hash} is erased: nothing more is decided for them")]
    private partial void Begun(string hash);
}
