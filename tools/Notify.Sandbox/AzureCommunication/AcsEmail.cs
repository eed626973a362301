using System.Text.Json;

namespace Notify.Sandbox.AzureCommunication;

/// <summary>
/// An email as it was read (<see href="https://learn.microsoft.com/rest/api/communication/email/email/send">send</see>): attachments,
/// copies and reply addresses are known, and not looked at.
/// </summary>
internal sealed record AcsEmail(
    string Sender, string Subject, string Body, string? Html, IReadOnlyList<string> To, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The most recipients of a request.</summary>
    private const int MostRecipients = 50;

    /// <summary>The email; <see langword="null"/> where something is wrong with it.</summary>
    public static AcsEmail? Read(JsonElement json, AcsFields fields)
    {
        fields.Only(json, "senderAddress", "content", "recipients", "headers", "attachments", "replyTo", "userEngagementTrackingDisabled");
        var sender = fields.Text(json, "senderAddress");
        var (subject, body, html) = fields.Member(json, "content", JsonValueKind.Object) is { } content
            ? Content(content, fields)
            : default;
        var to = fields.Member(json, "recipients", JsonValueKind.Object) is { } recipients ? Recipients(recipients, fields) : [];
        var headers = fields.Member(json, "headers", JsonValueKind.Object, required: false) is { } map ? Strings(map, fields) : [];
        return fields.Fault is null ? new AcsEmail(sender!, subject!, body!, html, to, headers) : null;
    }

    private static (string? Subject, string? Body, string? Html) Content(JsonElement content, AcsFields fields)
    {
        fields.Only(content, "subject", "plainText", "html");
        var subject = fields.Text(content, "subject");
        var plain = fields.Text(content, "plainText", required: false);
        var html = fields.Text(content, "html", required: false);
        if (string.IsNullOrEmpty(plain) && string.IsNullOrEmpty(html))
        {
            fields.Wrong("Either plainText or html is required.");
        }
        return (subject, string.IsNullOrEmpty(plain) ? html : plain, string.IsNullOrEmpty(html) ? null : html);
    }

    private static List<string> Recipients(JsonElement recipients, AcsFields fields)
    {
        fields.Only(recipients, "to", "cc", "bcc");
        if (fields.Member(recipients, "to", JsonValueKind.Array) is not { } list)
        {
            return [];
        }
        var to = new List<string>();
        foreach (var item in list.EnumerateArray())
        {
            fields.Only(item, "address", "displayName");
            var address = fields.Text(item, "address");
            if (address?.LastIndexOf('@') is not > 0 || address.EndsWith('@')
                || !address[address.LastIndexOf('@')..].Contains('.', StringComparison.Ordinal))
            {
                fields.Wrong("Invalid format for email address");
                continue;
            }
            to.Add(address);
        }
        if (list.GetArrayLength() is 0 or > MostRecipients)
        {
            fields.Wrong("There must be from 1 to 50 recipients.");
        }
        return to;
    }

    private static Dictionary<string, string> Strings(JsonElement map, AcsFields fields)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in map.EnumerateObject())
        {
            headers[header.Name] = fields.Text(map, header.Name) ?? "";
        }
        return headers;
    }
}
