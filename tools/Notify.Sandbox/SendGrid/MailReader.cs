using System.Collections.Frozen;
using System.Text.Json;

namespace Notify.Sandbox.SendGrid;

/// <summary>
/// Reads and checks the body of a mail
/// (<see href="https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send">mail send</see>); the texts are SendGrid's where its
/// documentation gives them.
/// </summary>
internal sealed class MailReader(MailFaults faults, DateTimeOffset now)
{
    private const int MaxCategories = 10;
    private const int MaxCategoryLength = 255;

    private static readonly TimeSpan FurthestSendAt = TimeSpan.FromHours(72);

    private static readonly FrozenSet<string> Fields =
        ("personalizations from reply_to reply_to_list subject content attachments template_id headers"
        + " categories custom_args send_at batch_id asm ip_pool_name mail_settings tracking_settings sections").Split(' ').ToFrozenSet();

    private static readonly FrozenSet<string> ContentFields = FrozenSet.ToFrozenSet(["type", "value"]);

    private readonly Mail _mail = new();

    /// <summary>The mail; it is to be used only where there are no faults.</summary>
    public Mail Read(JsonElement json)
    {
        if (!faults.Expect("(root)", json, JsonValueKind.Object))
        {
            return _mail;
        }
        faults.ExpectOnly("(root)", json, Fields);
        ReadTexts(json);
        var parts = new MailParts(faults);
        _mail.From = parts.Address(json, "from", "from") ?? "";
        if (_mail.From.Length == 0 && !faults.Any)
        {
            faults.Add("from.email",
                "The from object must be provided for every email send. It is an object that requires the email parameter, "
                + "but may also contain a name parameter. e.g. {\"email\" : \"example@example.com\"} or {\"email\" : "
                + "\"example@example.com\", \"name\" : \"Example Recipient\"}.");
        }
        parts.Headers(json, "headers", _mail.Headers);
        parts.CustomArgs(json, "custom_args", _mail.CustomArgs);
        new PersonalizationReader(faults, parts).Read(json, _mail);
        ReadContent(json);
        ReadCategories(json);
        ReadSendAt(json);
        CheckSubject();
        return _mail;
    }

    private void ReadTexts(JsonElement json)
    {
        if (json.TryGetProperty("subject", out var subject) && faults.Expect("subject", subject, JsonValueKind.String))
        {
            _mail.Subject = subject.GetString();
        }
        _mail.HasTemplate = json.TryGetProperty("template_id", out var template) && faults.Expect("template_id", template,
            JsonValueKind.String);
        _mail.CheckOnly = json.TryGetProperty("mail_settings", out var settings) && settings.ValueKind == JsonValueKind.Object
            && settings.TryGetProperty("sandbox_mode", out var mode) && mode.ValueKind == JsonValueKind.Object
            && mode.TryGetProperty("enable", out var enable) && enable.ValueKind == JsonValueKind.True;
    }

    private void CheckSubject()
    {
        if (!_mail.HasTemplate && string.IsNullOrEmpty(_mail.Subject)
            && (_mail.Personalizations.Count == 0 || _mail.Personalizations.Any(p => string.IsNullOrEmpty(p.Subject))))
        {
            faults.Add("subject",
                "The subject is required. You can get around this requirement if you use a template with a subject defined"
                + " or if every personalization has a subject defined.");
        }
    }

    private void ReadContent(JsonElement json)
    {
        if (!json.TryGetProperty("content", out var content) || content.ValueKind == JsonValueKind.Array && content.GetArrayLength() == 0)
        {
            if (!_mail.HasTemplate)
            {
                faults.Add("content",
                    "Unless a valid template_id is provided, the content parameter is required. There must be at least one defined"
                    + " content block. We typically suggest both text/plain and text/html blocks are included, but only one block is "
                    + "required.");
            }
            return;
        }
        if (!faults.Expect("content", content, JsonValueKind.Array))
        {
            return;
        }
        var types = new List<string>();
        foreach (var (block, i) in content.EnumerateArray().Select((b, i) => (b, i)))
        {
            if (faults.Expect($"content.{i}", block, JsonValueKind.Object))
            {
                faults.ExpectOnly($"content.{i}", block, ContentFields);
                types.Add(ReadBlock(block, $"content.{i}"));
            }
        }
        CheckTypes(types);
    }

    private string ReadBlock(JsonElement block, string field)
    {
        if (!block.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String
            || !type.GetString()!.Contains('/', StringComparison.Ordinal))
        {
            faults.Add($"{field}.type", "The content type must be a string containing a valid MIME type.");
            return "";
        }
        if (!block.TryGetProperty("value", out var value) || value.ValueKind != JsonValueKind.String
            || value.GetString() is not { Length: > 0 } text)
        {
            faults.Add($"{field}.value", "The content value must be a string at least one character in length.");
            return type.GetString()!;
        }
        // text/plain comes first where there is one.
        _mail.Body ??= text;
        if (type.ValueEquals("text/html"))
        {
            _mail.Html ??= text;
        }
        return type.GetString()!;
    }

    private void CheckTypes(List<string> types)
    {
        if (types.Count(t => t == "text/plain") > 1 || types.Count(t => t == "text/html") > 1)
        {
            faults.Add("content", "If present, text/plain and text/html may only be provided once.");
        }
        var order = types.Select(t => t switch { "text/plain" => 0, "text/html" => 1, _ => 2 }).ToList();
        if (!order.SequenceEqual(order.Order()))
        {
            faults.Add("content",
                "If present, text/plain must be the first content and text/html the next, followed by any other content.");
        }
    }

    private void ReadCategories(JsonElement json)
    {
        if (!json.TryGetProperty("categories", out var categories) || !faults.Expect("categories", categories, JsonValueKind.Array))
        {
            return;
        }
        foreach (var (category, i) in categories.EnumerateArray().Select((c, i) => (c, i)))
        {
            if (faults.Expect($"categories.{i}", category, JsonValueKind.String))
            {
                _mail.Categories.Add(category.GetString()!);
            }
        }
        if (_mail.Categories.Count > MaxCategories || _mail.Categories.Distinct().Count() < _mail.Categories.Count
            || _mail.Categories.Any(c => c.Length is 0 or > MaxCategoryLength))
        {
            faults.Add("categories", "There may be up to 10 categories, each of them unique and at most 255 characters long.");
        }
    }

    private void ReadSendAt(JsonElement json)
    {
        if (json.TryGetProperty("send_at", out var sendAt) && faults.Expect("send_at", sendAt, JsonValueKind.Number)
            && (!sendAt.TryGetInt64(out var seconds) || seconds > (now + FurthestSendAt).ToUnixTimeSeconds()))
        {
            faults.Add("send_at", "Scheduling more than 72 hours in advance is forbidden.");
        }
    }
}
