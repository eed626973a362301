namespace Notify.Functions.Ledger;

/// <summary>The reasons a decision or an outcome can have. Persisted and public: add, never rename.</summary>
internal static class DeliveryReasons
{
    private const string Template = "template:";

    /// <summary>Nothing stands against it.</summary>
    public const string Send = "send";

    /// <summary>Its time was over before it was decided or sent.</summary>
    public const string Expired = "expired";

    /// <summary>It was withdrawn before it was sent.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>It was withdrawn while it waited to be sent again: an attempt before may have been accepted, its answer is lost.</summary>
    public const string CancelledAfterUnknown = "cancelled_after_unknown_attempt";

    /// <summary>The channel is switched off by a setting.</summary>
    public const string ChannelDisabled = "channel_disabled";

    /// <summary>The recipient is not known.</summary>
    public const string UnknownRecipient = "unknown_recipient";

    /// <summary>The recipient was erased, after the event or for good.</summary>
    public const string Erased = "erased";

    /// <summary>The recipient has no address on this channel.</summary>
    public const string NoAddress = "no_address";

    /// <summary>The recipient wants nothing.</summary>
    public const string OptedOut = "opted_out";

    /// <summary>The recipient wants nothing on this channel.</summary>
    public const string OptedOutOfChannel = "opted_out_of_channel";

    /// <summary>The recipient does not want the category.</summary>
    public const string OptedOutOfCategory = "opted_out_of_category";

    /// <summary>The recipient does not want the category on this channel.</summary>
    public const string OptedOutOfCategoryOnChannel = "opted_out_of_category_on_channel";

    /// <summary>The recipient does not want the topic.</summary>
    public const string OptedOutOfTopic = "opted_out_of_topic";

    /// <summary>The recipient has unsubscribed by a link in a mail.</summary>
    public const string Unsubscribed = "unsubscribed";

    /// <summary>The recipient has had as much of the category as the throttle allows.</summary>
    public const string Throttled = "throttled";

    /// <summary>The producer wants it sent later.</summary>
    public const string SendAt = "send_at";

    /// <summary>The recipient wants to be left alone until later.</summary>
    public const string QuietHours = "quiet_hours";

    /// <summary>By the time it may be sent it will be too late.</summary>
    public const string ExpiresBeforeDue = "expires_before_due";

    /// <summary>The address is on the suppression list.</summary>
    public const string SuppressedAddress = "suppressed_address";

    /// <summary>It waits for the recipient's digest.</summary>
    public const string Digest = "digest";

    /// <summary>
    /// A digest has left out members that the rules had come to forbid, and goes on without them; where it has left out all, it is not
    /// sent.
    /// </summary>
    public const string MembersLeftOut = "members_left_out";

    /// <summary>A send's answer was lost and policy says not to repeat it.</summary>
    public const string AmbiguousDropped = "ambiguous_not_repeated";

    /// <summary>Its claim had run out before it could be sent.</summary>
    public const string ClaimTooLate = "claim_too_late";

    /// <summary>Every try of the schedule was used.</summary>
    public const string RetriesUsedUp = "retries_used_up";

    /// <summary>There is no template of the event's name.</summary>
    public const string TemplateMissing = Template + "missing";

    /// <summary>The template does not speak on this channel.</summary>
    public const string TemplateChannel = Template + "no_channel";

    /// <summary>The template does not speak the recipient's language, and has no default.</summary>
    public const string TemplateLocale = Template + "no_locale";

    /// <summary>The beginning of the reason that names a variable which the template shows and nobody has.</summary>
    public const string TemplateVariable = Template + "variable:";

    /// <summary>The template comes to an empty title or text.</summary>
    public const string TemplateEmpty = Template + "empty";

    /// <summary>The template asks for what cannot be done.</summary>
    public const string TemplateFaulty = Template + "faulty";

    /// <summary>The function that should have sent it failed, or died, again and again.</summary>
    public const string HandlerFailed = "handler_failed";

    /// <summary>The queue message could not be read.</summary>
    public const string Unreadable = "unreadable_message";

    /// <summary>Whether a delivery that failed for this reason was given up by us, and not refused by a provider.</summary>
    public static bool IsOurs(string reason) => string.Equals(reason, AmbiguousDropped, StringComparison.Ordinal) || IsDeadLetter(reason);

    /// <summary>Whether what failed for this reason may succeed when it is sent again later.</summary>
    public static bool IsDeadLetter(string reason) =>
        reason.StartsWith(RetriesUsedUp, StringComparison.Ordinal) || reason.StartsWith(Template, StringComparison.Ordinal)
        || string.Equals(reason, HandlerFailed, StringComparison.Ordinal);
}
