using Notify.Functions.Contract;
using Notify.Functions.Infrastructure.Tables;

namespace Notify.Functions.Recipients.Suppressions;

/// <summary>An address that nothing is sent to on its channel, whatever it is.</summary>
public sealed record Suppression
{
    /// <summary>The hash that stands for tenant, channel and address: the row's key, and an id that names nobody.</summary>
    public required string Id { get; init; }

    /// <summary>The tenant, if any.</summary>
    public string? Tenant { get; init; }

    /// <summary>The channel: email, sms or push. The inbox has no address of its own.</summary>
    public required Channel Channel { get; init; }

    /// <summary>The address; <see langword="null"/> where a report came for one that its recipient no longer has.</summary>
    public string? Address { get; init; }

    /// <summary>What brought it here.</summary>
    public required SuppressionSource Source { get; init; }

    /// <summary>The provider's code, or a note, without an address.</summary>
    public string? Detail { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The row to insert.</summary>
    internal TableRow ToTable() => new(Notify.Functions.Ledger.KeyedHashes.PartitionOf(Id), Id)
    {
        ["tenant"] = Tenant,
        ["channel"] = (int)Channel,
        ["address"] = Address,
        ["source"] = (int)Source,
        ["detail"] = Detail,
        ["at"] = At,
    };

    /// <summary>Reads a row that <see cref="ToTable"/> wrote.</summary>
    internal static Suppression From(TableRow row) => new()
    {
        Id = row.Key,
        Tenant = row.Text("tenant"),
        Channel = (Channel)(int)row.Number("channel")!,
        Address = row.Text("address"),
        Source = (SuppressionSource)(int)row.Number("source")!,
        Detail = row.Text("detail"),
        At = row.Time("at")!.Value,
    };
}

/// <summary>What suppressed an address. The numbers are persisted: never change or reuse one.</summary>
public enum SuppressionSource
{
    /// <summary>A message came back for good.</summary>
    Bounce = 1,

    /// <summary>A message was reported as spam.</summary>
    Complaint = 2,

    /// <summary>The recipient has unsubscribed at the provider, from everything.</summary>
    Unsubscribe = 3,

    /// <summary>The provider refused the address.</summary>
    Rejected = 4,

    /// <summary>Somebody put it on the list.</summary>
    Manual = 5,
}
