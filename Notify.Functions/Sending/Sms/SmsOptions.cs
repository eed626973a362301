using System.ComponentModel.DataAnnotations;

namespace Notify.Functions.Sending.Sms;

/// <summary>What text messages may cost.</summary>
public sealed class SmsOptions
{
    /// <summary>The settings section.</summary>
    public const string SectionName = "Notify:Sms";

    /// <summary>
    /// Whether typographic characters (curly quotes, long dashes, an ellipsis, special blanks) are sent as the plain ones where that makes
    /// the whole text GSM-7, of which a segment holds 160 instead of 70.
    /// </summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool ReplaceSmartCharacters { get; set; } = true;

    /// <summary>How many segments a text message may have; a longer one has failed, with <c>sms:too_many_segments</c>.</summary>
    /// <value>
    /// Default: 24, which is 1,608 characters in UCS-2. How many characters a message may have is another limit:
    /// <see cref="SmsChannelOptions.MaxMessageLength"/>, and what its provider takes (<c>sms:too_long</c>).
    /// </value>
    [Range(1, 255)]
    public int MaxSegments { get; set; } = 24;
}
