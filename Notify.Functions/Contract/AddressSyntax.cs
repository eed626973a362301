namespace Notify.Functions.Contract;

/// <summary>The syntax of ids, and what tells external addresses and topics from them.</summary>
internal static class AddressSyntax
{
    /// <summary>The prefix of a recipient that is an email address.</summary>
    public const string MailPrefix = "mailto:";

    /// <summary>The prefix of a recipient that is a phone number.</summary>
    public const string PhonePrefix = "tel:";

    /// <summary>The prefix of a recipient that is a topic.</summary>
    public const string TopicPrefix = "topic:";

    /// <summary>Whether a recipient is a topic.</summary>
    public static bool IsTopic(string recipient) => recipient.StartsWith(TopicPrefix, StringComparison.Ordinal);

    /// <summary>1–128 characters of <c>A–Z a–z 0–9 . _ : @ + -</c>.</summary>
    public static bool IsId(string? text) =>
        text is { Length: > 0 and <= EventLimits.IdLength }
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '@' or '+' or '-');

    /// <summary>An id that stands for a user: neither an external address nor a topic.</summary>
    public static bool IsUser(string? text) =>
        IsId(text) && !text!.StartsWith(MailPrefix, StringComparison.Ordinal) && !text.StartsWith(PhonePrefix, StringComparison.Ordinal)
        && !IsTopic(text);
}
