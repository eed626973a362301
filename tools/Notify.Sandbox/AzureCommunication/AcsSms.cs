using System.Globalization;
using System.Text.Json;

namespace Notify.Sandbox.AzureCommunication;

/// <summary>
/// A request for text messages as it was read (<see href="https://learn.microsoft.com/rest/api/communication/sms/sms/send">send</see>).
/// </summary>
internal sealed record AcsSms(string From, string Message, IReadOnlyList<AcsSmsRecipient> Recipients, bool Reports, string? Tag)
{
    private const int MostRecipients = 100;
    private const int LongestMessage = 2048;

    /// <summary>The request; <see langword="null"/> where something is wrong with it.</summary>
    public static AcsSms? Read(JsonElement json, AcsFields fields)
    {
        fields.Only(json, "from", "message", "smsRecipients", "smsSendOptions");
        var from = fields.Text(json, "from");
        var message = fields.Text(json, "message");
        if (message?.Length > LongestMessage)
        {
            fields.Wrong("The message is longer than 2048 characters.");
        }
        var recipients = fields.Member(json, "smsRecipients", JsonValueKind.Array) is { } list
            ? [.. list.EnumerateArray().Select(item => Recipient(item, fields))] : new List<AcsSmsRecipient>();
        if (recipients.Count is 0 or > MostRecipients)
        {
            fields.Wrong("There must be from 1 to 100 recipients.");
        }
        var options = fields.Member(json, "smsSendOptions", JsonValueKind.Object, required: false);
        var reports = false;
        if (options is { } given)
        {
            fields.Only(given, "enableDeliveryReport", "tag");
            reports = given.TryGetProperty("enableDeliveryReport", out var flag) && flag.ValueKind == JsonValueKind.True;
            if (flag.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            {
                fields.Wrong("The field enableDeliveryReport is required.");
            }
        }
        var tag = options is { } some ? fields.Text(some, "tag", required: false) : null;
        return fields.Fault is null ? new AcsSms(from!, message!, recipients, reports, tag) : null;
    }

    private static AcsSmsRecipient Recipient(JsonElement item, AcsFields fields)
    {
        fields.Only(item, "to", "repeatabilityRequestId", "repeatabilityFirstSent");
        var id = fields.Text(item, "repeatabilityRequestId", required: false);
        var firstSent = fields.Text(item, "repeatabilityFirstSent", required: id is not null);
        if (id is not null && !Guid.TryParseExact(id, "D", out _))
        {
            fields.Wrong("The repeatabilityRequestId is not a UUID.");
        }
        if (firstSent is not null && !DateTimeOffset.TryParseExact(firstSent, "r", CultureInfo.InvariantCulture, DateTimeStyles.None,
            out _))
        {
            fields.Wrong("The repeatabilityFirstSent is not a date of RFC 1123.");
        }
        return new AcsSmsRecipient(fields.Text(item, "to") ?? "", id is null ? null : $"{id} {firstSent}");
    }
}

/// <summary>One recipient.</summary>
/// <param name="To">The number.</param>
/// <param name="Repeatability">The same for the same request; <see langword="null"/> where the caller has not said.</param>
internal sealed record AcsSmsRecipient(string To, string? Repeatability);
