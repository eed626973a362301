using System.Text.Json;
using Notify.Functions.Contract;

namespace Notify.Functions.Recipients.Suppressions;

/// <summary>Reads an address to suppress, or to look for, as the API takes it.</summary>
internal static class SuppressionReader
{
    /// <summary>The body's size in bytes.</summary>
    public const int MaxBytes = 8 * 1024;

    private const int NoteLength = 200;
    private static readonly string[] Fields = ["channel", "address", "note"];

    /// <summary>The channel, the address as it is kept and a note, or what is wrong.</summary>
    public static (Channel Channel, string Address, string? Note, IReadOnlyList<EventFault> Faults) Read(ReadOnlyMemory<byte> body)
    {
        using var document = StrictJson.Parse(body, depth: 1, out var fault);
        if (document is null || document.RootElement.ValueKind != JsonValueKind.Object)
        {
            return (default, string.Empty, null, [fault ?? new EventFault("$", "invalid", "The body is a JSON object.")]);
        }
        var fields = new EventFields(document.RootElement);
        fields.RefuseUnknown(Fields, "a suppression");
        var channel = fields.Enum<Channel>("channel", (string? name, out Channel found) => ContractNames.TryParse(name, out found)
            && found != Channel.InApp, "email, sms, push");
        var given = fields.Text("address", 1024);
        if (!fields.Has("address"))
        {
            fields.Fault("address", "missing", "'address' is required.");
        }
        var address = given is null
            ? null
            : channel switch
            {
                Channel.Email => AddressNormalizer.Email(given.Trim()),
                Channel.Sms => AddressNormalizer.Phone(given),
                _ => given,
            };
        if (given is not null && address is null)
        {
            fields.Fault("address", "invalid",
                "'address' is an email address, a phone number in international form or a push token, as its channel has it.");
        }
        return (channel, address ?? string.Empty, fields.Text("note", NoteLength), fields.Faults);
    }
}
