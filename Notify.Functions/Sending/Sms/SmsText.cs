using Microsoft.Extensions.Options;
using Notify.Functions.Contract;

namespace Notify.Functions.Sending.Sms;

/// <summary>Makes the text of a message ready for the air: no dearer than it need be, and no longer than is allowed.</summary>
public sealed class SmsText(IOptions<SmsOptions> options, IOptions<ChannelsOptions> channels)
{
    /// <summary>The reason of a message that is dearer than <see cref="SmsOptions.MaxSegments"/> allows.</summary>
    internal const string TooManySegments = "sms:too_many_segments";

    /// <summary>The reason of a message that is longer than the settings allow, or than the provider takes.</summary>
    internal const string TooLong = "sms:too_long";

    private static readonly Dictionary<char, string> Plain = Replacements(
        ("\u2018\u2019\u201A\u201B\u2032\u0060\u00B4", "'"),
        ("\u201C\u201D\u201E\u201F\u2033\u00AB\u00BB", "\""),
        ("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        ("\u2026", "..."),
        ("\u2022", "*"),
        ("\t\u00A0\u2007\u2009\u202F", " "),
        ("\u200B\u200C\u200D\u2060\uFEFF\u00AD", ""));

    /// <summary>The text, and where the click leads on a line of its own; the title is not for text messages.</summary>
    public static string From(MessageContent content) =>
        content.Url is not { Length: > 0 } url || content.Text.Contains(url, StringComparison.Ordinal)
            ? content.Text : $"{content.Text}\n{url}";

    /// <summary>The text of a message as it goes out, or why it does not. Senders and the preview of templates ask here alike.</summary>
    /// <param name="content">The message.</param>
    /// <param name="mostCharacters">The longest text that the provider takes, in UTF-16 code units.</param>
    internal SmsReady Prepare(MessageContent content, int? mostCharacters) => Prepare(From(content), mostCharacters);

    /// <inheritdoc cref="Prepare(MessageContent, int?)"/>
    internal SmsReady Prepare(string text, int? mostCharacters = null)
    {
        var ready = options.Value.ReplaceSmartCharacters ? Cheaper(text) : text;
        var most = Math.Min(channels.Value.Sms.MaxMessageLength, mostCharacters ?? int.MaxValue);
        var refusal = SmsSegments.Measure(ready).Count > options.Value.MaxSegments ? TooManySegments
            : ready.Length > most ? TooLong
            : null;
        return new SmsReady(ready, refusal);
    }

    // Only where it pays: a text that stays UCS-2 keeps its typography.
    private static string Cheaper(string text)
    {
        if (SmsSegments.Measure(text).Encoding == SmsEncoding.Gsm7)
        {
            return text;
        }
        var plain = string.Concat(text.Select(c => Plain.GetValueOrDefault(c) ?? c.ToString()));
        return SmsSegments.Measure(plain) is { Encoding: SmsEncoding.Gsm7 } segments && segments.Count <= SmsSegments.Measure(text).Count
            ? plain : text;
    }

    private static Dictionary<char, string> Replacements(params (string Characters, string Plain)[] rows) =>
        rows.SelectMany(row => row.Characters, (row, character) => (character, row.Plain)).ToDictionary();
}

/// <summary>A text message as it goes out.</summary>
/// <param name="Text">The text.</param>
/// <param name="Refusal">Why it is not sent; <see langword="null"/> where nothing stands against it.</param>
internal readonly record struct SmsReady(string Text, string? Refusal);
