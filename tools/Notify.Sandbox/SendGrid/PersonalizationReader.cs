using System.Collections.Frozen;
using System.Text.Json;

namespace Notify.Sandbox.SendGrid;

/// <summary>Reads and checks the letters of a mail.</summary>
internal sealed class PersonalizationReader(MailFaults faults, MailParts parts)
{
    /// <summary>The most letters, and the most recipients in all, of one request.</summary>
    public const int Most = 1000;

    private static readonly FrozenSet<string> Fields =
        "to cc bcc from subject headers substitutions dynamic_template_data custom_args send_at".Split(' ').ToFrozenSet();

    public void Read(JsonElement json, Mail mail)
    {
        if (!json.TryGetProperty("personalizations", out var letters)
            || letters.ValueKind == JsonValueKind.Array && letters.GetArrayLength() == 0)
        {
            faults.Add("personalizations", "The personalizations field is required and must have at least one personalization.");
            return;
        }
        if (!faults.Expect("personalizations", letters, JsonValueKind.Array))
        {
            return;
        }
        if (letters.GetArrayLength() > Most)
        {
            faults.Add("personalizations",
                $"The personalization block is limited to {Most} personalizations per API request. You have provided "
                + $"{letters.GetArrayLength()} personalizations. Please consider splitting this into multiple requests and resending your "
                + $"request.");
            return;
        }
        foreach (var (letter, i) in letters.EnumerateArray().Select((l, i) => (l, i)))
        {
            if (faults.Expect($"personalizations.{i}", letter, JsonValueKind.Object))
            {
                mail.Personalizations.Add(ReadOne(letter, $"personalizations.{i}"));
            }
        }
        CheckRecipients(mail);
    }

    private Personalization ReadOne(JsonElement json, string field)
    {
        faults.ExpectOnly(field, json, Fields);
        var letter = new Personalization();
        if (!json.TryGetProperty("to", out var to) || to.ValueKind == JsonValueKind.Array && to.GetArrayLength() == 0)
        {
            faults.Add($"{field}.to",
                "The to array is required for all personalization objects, and must have at least one email object with a valid email "
                    + "address.");
        }
        foreach (var name in new[] { "to", "cc", "bcc" })
        {
            ReadRecipients(json, name, $"{field}.{name}", letter);
        }
        letter.From = parts.Address(json, "from", $"{field}.from");
        if (json.TryGetProperty("subject", out var subject) && faults.Expect($"{field}.subject", subject, JsonValueKind.String))
        {
            letter.Subject = subject.GetString();
        }
        parts.Headers(json, $"{field}.headers", letter.Headers);
        parts.CustomArgs(json, $"{field}.custom_args", letter.CustomArgs);
        parts.Strings(json, "substitutions", $"{field}.substitutions", letter.Substitutions);
        return letter;
    }

    private void ReadRecipients(JsonElement json, string name, string field, Personalization letter)
    {
        if (!json.TryGetProperty(name, out var list) || !faults.Expect(field, list, JsonValueKind.Array))
        {
            return;
        }
        foreach (var (item, i) in list.EnumerateArray().Select((item, i) => (item, i)))
        {
            if (parts.Address(item, $"{field}.{i}") is { } address)
            {
                letter.Recipients.Add(address);
            }
        }
    }

    private void CheckRecipients(Mail mail)
    {
        var recipients = mail.Personalizations.SelectMany(p => p.Recipients).ToList();
        if (recipients.Count > Most)
        {
            faults.Add("personalizations", $"There is a limit of {Most} total recipients (to + cc + bcc) per request.");
        }
        foreach (var twice in recipients.GroupBy(r => r, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
        {
            faults.Add("personalizations", "Each unique email address in the personalizations array should only be included once."
                + $" You have included {twice.Key} more than once.");
        }
    }
}
