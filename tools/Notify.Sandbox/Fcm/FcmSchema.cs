using System.Collections.Frozen;

namespace Notify.Sandbox.Fcm;

/// <summary>
/// The fields of a message
/// (<see href="https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages">projects.messages</see>). The API refuses a field
/// that it does not know; names may be written in camelCase or snake_case.
/// </summary>
internal static class FcmSchema
{
    /// <summary>The body itself.</summary>
    public static FrozenSet<string> Body { get; } = Fields("message validateOnly");

    /// <summary><c>message</c>.</summary>
    public static FrozenSet<string> Message { get; } =
        Fields("name data notification android webpush apns fcmOptions token topic condition");

    /// <summary>The objects inside a message, by where they stand.</summary>
    public static FrozenDictionary<string, FrozenSet<string>> Objects { get; } = new Dictionary<string, FrozenSet<string>>
    {
        ["notification"] = Fields("title body image"),
        ["android"] = Fields("collapseKey priority ttl restrictedPackageName data notification fcmOptions directBootOk"
            + " bandwidthConstrainedOk restrictedSatelliteOk"),
        ["android.notification"] = Fields(
            "title body icon color sound tag clickAction bodyLocKey bodyLocArgs titleLocKey titleLocArgs channelId"
            + " ticker sticky eventTime localOnly notificationPriority defaultSound defaultVibrateTimings defaultLightSettings "
            + "vibrateTimings"
            + " visibility notificationCount lightSettings image bypassProxyNotification proxy"),
        ["android.fcmOptions"] = Fields("analyticsLabel"),
        ["webpush"] = Fields("headers data notification fcmOptions"),
        ["webpush.fcmOptions"] = Fields("link analyticsLabel"),
        ["apns"] = Fields("headers payload fcmOptions liveActivityToken"),
        ["apns.fcmOptions"] = Fields("analyticsLabel image"),
        ["fcmOptions"] = Fields("analyticsLabel"),
    }.ToFrozenDictionary();

    /// <summary>Where a map of strings to strings stands.</summary>
    public static FrozenSet<string> StringMaps { get; } =
        new[] { "data", "android.data", "webpush.data", "webpush.headers", "apns.headers" }.ToFrozenSet();

    /// <summary>Fields that are strings, where they are used here.</summary>
    public static FrozenSet<string> Strings { get; } = new[]
    {
        "token", "topic", "condition", "name", "notification.title", "notification.body", "notification.image",
        "android.collapseKey", "android.ttl", "android.notification.title", "android.notification.body", "android.notification.tag",
        "android.notification.channelId", "android.notification.clickAction", "webpush.fcmOptions.link",
        "fcmOptions.analyticsLabel", "android.fcmOptions.analyticsLabel", "apns.fcmOptions.analyticsLabel",
        "webpush.fcmOptions.analyticsLabel",
    }.ToFrozenSet();

    private static FrozenSet<string> Fields(string names) => names.Split(' ').ToFrozenSet();
}
