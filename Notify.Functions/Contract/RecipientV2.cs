using System.Text.Json;

namespace Notify.Functions.Contract;

/// <summary>A recipient of <c>event.v2</c>: an object that says what it is, so that no id is ever taken for an address.</summary>
internal static class RecipientV2
{
    private const string Form =
        "A recipient is an object with exactly one of 'user' (1–128 characters of A–Z a–z 0–9 . _ : @ + -), 'email', 'phone' (+NUMBER) "
            + "and 'topic' (written like 'user').";

    /// <summary>The recipient as the model has it; <see langword="null"/> where a fault was recorded.</summary>
    public static string? Read(EventFields fields, string name, JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object || item.GetPropertyCount() != 1)
        {
            fields.Fault(name, "invalid", Form);
            return null;
        }
        var only = item.EnumerateObject().First();
        var kind = NotifyJson.NameOf(only);
        if (kind is not ("user" or "email" or "phone" or "topic"))
        {
            fields.Fault(name, "unknown", Form);
            return null;
        }
        var text = NotifyJson.TryGetString(only.Value, out var value) ? value : null;
        var recipient = kind switch
        {
            "user" when AddressSyntax.IsUser(text) => text,
            "email" => AddressNormalizer.Recipient(AddressSyntax.MailPrefix + text),
            "phone" => AddressNormalizer.Recipient(AddressSyntax.PhonePrefix + text),
            "topic" when AddressSyntax.IsId(text) => AddressSyntax.TopicPrefix + text,
            _ => null,
        };
        if (recipient is null)
        {
            fields.Fault($"{name}.{kind}", "invalid", Form);
        }
        return recipient;
    }
}
