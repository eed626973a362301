using System.Net.Mail;

namespace Notify.Functions.Contract;

/// <summary>The syntax of ids and external addresses.</summary>
internal static class Addresses
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
        text is { Length: > 0 and <= EventLimits.IdLength } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '@' or '+' or '-');

    /// <summary>An id that stands for a user: neither an external address nor a topic.</summary>
    public static bool IsUser(string? text) =>
        IsId(text) && !text!.StartsWith(MailPrefix, StringComparison.Ordinal) && !text.StartsWith(PhonePrefix, StringComparison.Ordinal) && !IsTopic(text);

    /// <summary>An email address as SMTP takes it: at most 254 characters, 64 before the sign, no comments, no quotes (RFC 5321).</summary>
    public static bool IsEmail(string? text) =>
        text is { Length: >= 3 and <= 254 }
        && text.IndexOf('@', StringComparison.Ordinal) is > 0 and <= 64
        && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '"' or '<' or '>' or '(' or ')' or ',' or ';')
        && MailAddress.TryCreate(text, out var parsed)
        && string.Equals(parsed.Address, text, StringComparison.Ordinal);

    /// <summary>A phone number in E.164: <c>+</c> and 7–15 digits, the first not 0.</summary>
    public static bool IsPhone(string? text) =>
        text is { Length: >= 8 and <= 16 } && text[0] == '+' && text[1] != '0' && text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;
}
