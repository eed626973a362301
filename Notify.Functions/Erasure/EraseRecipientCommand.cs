using System.Text.Json;
using System.Text.Json.Serialization;
using Notify.Functions.Contract;

namespace Notify.Functions.Erasure;

/// <summary>The order to go through everything that is kept of a recipient.</summary>
/// <param name="RowHash">The recipient's row, where the report is kept.</param>
/// <param name="Hashes">Under which hashes there may be something: the recipient's own, and those of the addresses.</param>
/// <param name="Recipients">How events may have named the recipient: the id, <c>mailto:</c>, <c>tel:</c>; none the second time.</param>
/// <param name="Addresses">The addresses, for where nothing is found by a hash; none the second time.</param>
/// <param name="Tenant">The tenant, if any.</param>
/// <param name="Rescued">Whether it comes from the poison queue.</param>
public sealed record EraseRecipientCommand(
    string RowHash, IReadOnlyList<string> Hashes, IReadOnlyList<string> Recipients, IReadOnlyList<string> Addresses, string? Tenant,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Rescued = false)
{
    /// <summary>The queue message.</summary>
    public string Write() => JsonSerializer.Serialize(this, NotifyJson.Options);

    /// <summary>Reads a message back.</summary>
    /// <exception cref="JsonException">It is none of ours.</exception>
    public static EraseRecipientCommand Read(string message) =>
        JsonSerializer.Deserialize<EraseRecipientCommand>(message,
            NotifyJson.Options) is { RowHash: not null, Hashes.Count: > 0, Recipients: not null, Addresses: not null } order
            ? order
            : throw new JsonException("The message is no order to erase.");
}
