using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Notify.Sandbox.Gate;

namespace Notify.Sandbox.Fcm;

/// <summary>What FCM asks of a message beyond the types of its fields.</summary>
internal static partial class FcmRules
{
    /// <summary>
    /// The largest payload to a token (<see href="https://firebase.google.com/docs/cloud-messaging/concept-options">about messages</see>).
    /// </summary>
    public const int MaxPayloadBytes = 4096;

    /// <summary>The largest payload to a topic or a condition.</summary>
    public const int MaxTopicPayloadBytes = 2048;

    /// <summary>Four weeks.</summary>
    public const long MaxTtlSeconds = 2_419_200;

    private static readonly string[] Targets = ["token", "topic", "condition"];

    /// <summary>The refusal that a message earns, if any.</summary>
    public static ProviderAnswer? Refusal(FcmMessage message)
    {
        var targets = Targets.Where(message.Values.ContainsKey).ToList();
        if (targets.Count > 1)
        {
            return FcmErrors.BadField("message", $"Invalid value (oneof), oneof field 'target' is already set. Cannot set '{targets[1]}'");
        }
        if (targets.Count == 0 || message.Text(targets[0]) is not { Length: > 0 })
        {
            return FcmErrors.BadMessage("message", "Recipient of the message is not set.");
        }
        return BadData(message) ?? BadOptions(message) ?? BadSize(message, targets[0]);
    }

    private static ProviderAnswer? BadData(FcmMessage message)
    {
        foreach (var path in new[] { "data", "android.data" })
        {
            var reserved = message.Maps.GetValueOrDefault(path)?.Keys.FirstOrDefault(IsReserved);
            if (reserved is not null)
            {
                return FcmErrors.BadMessage($"message.{path}", $"Invalid data payload key: {reserved}");
            }
        }
        return null;
    }

    /// <summary>Reserved keys: <c>from</c>, <c>message_type</c>, and whatever begins with <c>google</c> or <c>gcm.</c>.</summary>
    private static bool IsReserved(string key) =>
        key is "from" or "message_type" || key.StartsWith("google", StringComparison.Ordinal)
        || key.StartsWith("gcm.", StringComparison.Ordinal);

    private static ProviderAnswer? BadOptions(FcmMessage message)
    {
        if (message.Text("topic") is { } topic && !Topic.IsMatch(topic))
        {
            return FcmErrors.BadMessage("message.topic", "Invalid topic name.");
        }
        if (message.Text("android.ttl") is { } ttl && !IsTtl(ttl))
        {
            return FcmErrors.BadMessage("message.android.ttl", "Invalid time to live: it must be a duration in seconds, up to four weeks.");
        }
        if (message.Values.TryGetValue("android.priority", out var priority) && priority.ToString()
            .ToUpperInvariant() is not ("NORMAL" or "HIGH"))
        {
            return FcmErrors.BadField("message.android.priority",
                $"Invalid value at 'message.android.priority' "
                    + $"(type.googleapis.com/google.firebase.fcm.v1.AndroidMessagePriority), {priority.GetRawText()}");
        }
        if (message.Maps.GetValueOrDefault("apns.headers")?.GetValueOrDefault("apns-priority") is { } apns
            && apns is not ("1" or "5" or "10"))
        {
            return FcmErrors.BadMessage("message.apns.headers", "Invalid apns-priority: it must be 1, 5 or 10.");
        }
        if (message.Text("webpush.fcmOptions.link") is { } link && !link.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            return FcmErrors.BadMessage("message.webpush.fcm_options.link", "Invalid link: it must be an HTTPS URL.");
        }
        var label = message.Values.FirstOrDefault(v => v.Key.EndsWith("analyticsLabel", StringComparison.Ordinal)
            && !Label.IsMatch(v.Value.GetString()!));
        return label.Key is null ? null : FcmErrors.BadMessage("message." + label.Key, "Invalid analytics label.");
    }

    private static ProviderAnswer? BadSize(FcmMessage message, string target)
    {
        var limit = target == "token" ? MaxPayloadBytes : MaxTopicPayloadBytes;
        var size = message.Data.Sum(d => Encoding.UTF8.GetByteCount(d.Key) + Encoding.UTF8.GetByteCount(d.Value))
            + message.Values.Where(v => v.Key.StartsWith("notification.", StringComparison.Ordinal))
                .Sum(v => Encoding.UTF8.GetByteCount(v.Value.GetString()!));
        return size > limit ? FcmErrors.BadMessage("message", FcmErrors.TooBig(limit)) : null;
    }

    /// <summary>A duration in protobuf's JSON form: seconds with up to nine decimals, and an <c>s</c>.</summary>
    private static bool IsTtl(string ttl) =>
        Duration.IsMatch(ttl) && decimal.Parse(ttl[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) <= MaxTtlSeconds;

    [GeneratedRegex(@"^[0-9]{1,12}(\.[0-9]{1,9})?s\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Duration { get; }

    [GeneratedRegex(@"^[a-zA-Z0-9_.~%-]+\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Topic { get; }

    [GeneratedRegex(@"^[a-zA-Z0-9_.~%-]{1,50}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Label { get; }
}
