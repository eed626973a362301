using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Notify.Functions.Contract;
using Notify.Functions.Sending;

namespace Notify.Functions.Providers.Fcm;

/// <summary>One notification in FCM's form; the devices differ by their token only.</summary>
/// <remarks>Fields: <c>https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages</c>.</remarks>
internal sealed class FcmMessage
{
    /// <summary>The most that notification and data may have together, in bytes ("About FCM messages").</summary>
    public const int PayloadLimit = 4096;

    /// <summary>The data key that carries our attempt id.</summary>
    public const string AttemptKey = "attempt";

    // {recipientHash}.{time}.{eventHash}.{channel}~1
    private const int AttemptIdLength = 16 + 1 + 9 + 1 + 26 + 1 + 1 + 2;

    /// <summary>The longest that FCM keeps a message: 28 days.</summary>
    private static readonly TimeSpan LongestTtl = TimeSpan.FromDays(28);

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonObject _message;

    /// <summary>Writes a request's content for one target.</summary>
    public FcmMessage(SendRequest request, SendTarget target, DateTimeOffset now)
    {
        var (notification, data) = Payload(request.Content, target.AttemptId);
        PayloadBytes = Bytes(notification, data);
        _message = new JsonObject
        {
            ["notification"] = notification,
            ["data"] = data,
            ["android"] = Android(request, now),
            ["apns"] = new JsonObject { ["headers"] = Apns(request, now) },
            ["webpush"] = new JsonObject { ["headers"] = WebPush(request, now) },
        };
    }

    /// <summary>The size of notification and data as JSON: a little more than what FCM counts.</summary>
    public int PayloadBytes { get; }

    /// <summary>The reason for which it is too large to be sent; <see langword="null"/> where it is not.</summary>
    public string? Refusal => RefusalOf(PayloadBytes);

    /// <summary>The same of a content that is not sent yet. Attempt ids have one length, but for the number at their end.</summary>
    public static string? RefusalOf(MessageContent content)
    {
        var (notification, data) = Payload(content, new string('0', AttemptIdLength));
        return RefusalOf(Bytes(notification, data));
    }

    /// <summary>The request body for one device.</summary>
    public byte[] For(string token)
    {
        _message["token"] = token;
        return Encoding.UTF8.GetBytes(new JsonObject { ["message"] = _message.DeepClone() }.ToJsonString(Json));
    }

    private static (JsonObject Notification, JsonObject Data) Payload(MessageContent content, string attemptId) =>
        (new JsonObject { ["title"] = content.Title, ["body"] = content.Text }, Data(content, attemptId));

    private static int Bytes(JsonObject notification, JsonObject data) =>
        Encoding.UTF8.GetByteCount(notification.ToJsonString(Json)) + Encoding.UTF8.GetByteCount(data.ToJsonString(Json));

    private static string? RefusalOf(int bytes) => bytes <= PayloadLimit
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"fcm:message-too-large ({bytes} of {PayloadLimit} bytes)");

    /// <summary>
    /// Data keys that FCM keeps for itself (<c>from</c>, <c>message_type</c>, <c>google…</c>, <c>gcm…</c>) and those that we set would be
    /// refused or lost; they go with an underscore before them.
    /// </summary>
    private static JsonObject Data(MessageContent content, string attemptId)
    {
        var data = new JsonObject();
        foreach (var (key, value) in content.Data)
        {
            data[IsReserved(key) ? "_" + key : key] = value;
        }
        if (content.Url is { } url)
        {
            data["url"] = url;
        }
        data[AttemptKey] = attemptId;
        return data;
    }

    private static bool IsReserved(string key) =>
        key is "from" or "message_type" or "notification" or AttemptKey or "url"
        || key.StartsWith("google", StringComparison.Ordinal) || key.StartsWith("gcm", StringComparison.Ordinal);

    private static JsonObject Android(SendRequest request, DateTimeOffset now)
    {
        var android = new JsonObject { ["priority"] = request.Priority.IsUrgent() ? "HIGH" : "NORMAL" };
        if (Ttl(request, now) is { } seconds)
        {
            android["ttl"] = seconds + "s";
        }
        return android;
    }

    /// <summary>
    /// 10 is "at once", 5 may wait for the device's battery; an expiration of 0 is "now or never" (Apple, "Sending notification requests to
    /// APNs").
    /// </summary>
    private static JsonObject Apns(SendRequest request, DateTimeOffset now)
    {
        var headers = new JsonObject { ["apns-priority"] = request.Priority.IsUrgent() ? "10" : "5" };
        if (request.ExpiresAt is { } end)
        {
            headers["apns-expiration"] = end <= now ? "0" : end.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        }
        return headers;
    }

    /// <summary>TTL and urgency by RFC 8030, sections 5.2 and 5.3.</summary>
    private static JsonObject WebPush(SendRequest request, DateTimeOffset now)
    {
        var headers = new JsonObject { ["Urgency"] = request.Priority.IsUrgent() ? "high" : "normal" };
        if (Ttl(request, now) is { } seconds)
        {
            headers["TTL"] = seconds;
        }
        return headers;
    }

    /// <summary>Whole seconds until the message is worthless; 0 is "now or never".</summary>
    private static string? Ttl(SendRequest request, DateTimeOffset now)
    {
        if (request.ExpiresAt is not { } end)
        {
            return null;
        }
        var left = Math.Clamp((end - now).TotalSeconds, 0, LongestTtl.TotalSeconds);
        return ((long)left).ToString(CultureInfo.InvariantCulture);
    }
}
