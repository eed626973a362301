using Notify.Functions.Contract;

namespace Notify.Functions.Tests.Scenarios.Fuzz;

/// <summary>A request that a function takes.</summary>
/// <param name="Function">The function.</param>
/// <param name="Method">The method.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Body">The body, if any.</param>
/// <param name="Type">Its content type.</param>
internal sealed record ValidRequest(string Function, string Method, string Target, string? Body = null, string Type = "application/json")
{
    private const string Event = """
        {"id":"fuzz-1-NUMBER","type":"marketing","priority":"low","recipients":["user_1","mailto:jo@example.com","tel:+12025550123","topic:offers"],"channels":["email","sms","push","in_app"],
        "payload":{"title":"Hello","message":"World","html":"<b>World</b>","url":"https://example.com/a?b=c","data":{"a":"b","n":1,"t":true}},
        "createdAt":"2026-11-30T10:00:00+01:00","expiresAt":"2999-12-31T00:00:00Z","deduplicationKey":"key 1 NUMBER","category":"news","tenant":"acme",
        "traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","schemaVersion":"event.v1"}
        """;

    private const string NewEvent = """
        {"schemaVersion":"event.v2","id":"fuzz-2-NUMBER","type":"alert","priority":"critical","recipients":[{"user":"user_2"},{"email":"jo@example.com"},{"phone":"+12025550123"},{"topic":"offers"}],
        "channels":["email","sms","push","in_app"],"content":{"title":"Hello","message":"World","url":"https://example.com/","data":{"order":17}},"payload":{"parcels":[{"weight":1.5}]},
        "createdAt":"2026-11-30T10:00:00Z","deduplicationKey":"key 2 NUMBER"}
        """;

    private const string CloudEvent = """
        {"specversion":"1.0","id":"ce-NUMBER","source":"/shop/orders","type":"com.example.shipped","time":"2026-11-30T10:00:00Z","datacontenttype":"application/json","dataschema":"event.v2",
        "data":{"schemaVersion":"event.v2","type":"transactional","priority":"high","recipients":[{"user":"user_3"}],"channels":["in_app"],"content":{"message":"Shipped"}}}
        """;

    private const string Template =
        """{"channel":"email","locale":"de-AT","payload":{"title":"Hi","message":"Hello","order":"17","total":12.5,"at":"2026-11-30T10:00:00Z"},"recipient":{"email":"jo@example.com","attributes":{"name":"Jo"}}}""";

    private const string SendGridEvents = """
        [{"email":"jo@example.com","timestamp":1764500000,"event":"delivered","sg_event_id":"e1","sg_message_id":"m1","attempt_id":"MAIL","response":"250 OK"},
        {"email":"jo@example.com","timestamp":1764500001,"event":"bounce","type":"bounce","reason":"550 5.1.1","status":"5.1.1","sg_event_id":"e2","attempt_id":"MAIL"}]
        """;

    private const string EventGrid = """
        [{"id":"1","topic":"/subscriptions/x","subject":"sender/a/message/b","eventType":"Microsoft.Communication.EmailDeliveryReportReceived","eventTime":"2026-11-30T10:00:00.123Z","dataVersion":"1.0","metadataVersion":"1",
        "data":{"sender":"a@example.com","recipient":"jo@example.com","messageId":"m1","status":"Bounced","deliveryStatusDetails":{"statusMessage":"550"},"deliveryAttemptTimeStamp":"2026-11-30T10:00:00Z"}}]
        """;

    private const string TwilioForm =
        "MessageSid=SM0123456789abcdef0123456789abcdef&MessageStatus=undelivered&ErrorCode=30005&To=%2B12025550123&From=%2B15005550006&AccountSid=AC1&ApiVersion=2010-04-01";

    /// <summary>At least one for each HTTP function.</summary>
    public static IReadOnlyList<ValidRequest> All { get; } =
    [
        new("Notify", "POST", "/api/notify", Event),
        new("Notify", "POST", "/api/notify", NewEvent),
        new("Notify", "POST", "/api/notify", CloudEvent, "application/cloudevents+json"),
        new("NotifyBatch", "POST", "/api/notify/batch", $"[{Event},{NewEvent}]"),
        new("GetNotification", "GET", "/api/notifications/fuzz-1?tenant=acme&cursor="),
        new("CancelNotification", "DELETE", "/api/notifications/fuzz-9?tenant=acme&recipient=user_1&channel=email"),
        new("PutRecipient", "PUT", "/api/recipients/user_9?tenant=acme",
            """{"email":"Jane@Example.com","phone":"+4930123456","locale":"de-AT","timeZone":"Europe/Vienna","pushTokens":["t1",{"token":"t2","platform":"ios"}],"attributes":{"plan":"gold"}}"""),
        new("PatchRecipient", "PATCH", "/api/recipients/user_9?tenant=acme", """{"email":null,"attributes":{"plan":"silver","old":null}}""",
            "application/merge-patch+json"),
        new("GetRecipient", "GET", "/api/recipients/user_9?tenant=acme"),
        new("ListRecipients", "GET", "/api/recipients?tenant=acme&cursor="),
        new("DeleteRecipient", "DELETE", "/api/recipients/user_8?tenant=acme"),
        new("GetErasure", "GET", "/api/recipients/user_8/erasure?tenant=acme"),
        new("GetPreferences", "GET", "/api/recipients/user_9/preferences?tenant=acme"),
        new("PutPreferences", "PUT", "/api/recipients/user_9/preferences?tenant=acme&by=me",
            """{"all":true,"channels":{"sms":false},"categories":{"news":{"all":true,"email":false},"sale":false},"topics":{"offers":false},"quietHours":[{"from":"22:00","to":"07:00","days":["sat"],"channels":["sms"]}]}"""),
        new("GetPreferenceChanges", "GET", "/api/recipients/user_9/preferences/changes?tenant=acme&cursor="),
        new("GetRecipientDeliveries", "GET", "/api/recipients/user_1/deliveries?channel=email&status=sent&tenant=acme&cursor="),
        new("GetInbox", "GET", "/api/recipients/user_1/inbox?tenant=acme&cursor="),
        new("GetTopics", "GET", "/api/recipients/user_1/topics?tenant=acme&cursor="),
        new("Subscribe", "PUT", "/api/topics/offers/subscribers/user_1?tenant=acme"),
        new("Unsubscribe", "DELETE", "/api/topics/offers/subscribers/user_7?tenant=acme"),
        new("SubscribeMany", "POST", "/api/topics/offers/subscribers?tenant=acme",
            """["user_1","mailto:jo@example.com","tel:+12025550123"]"""),
        new("GetSubscribers", "GET", "/api/topics/offers/subscribers?tenant=acme&cursor="),
        new("ListTemplates", "GET", "/api/templates"),
        new("PreviewTemplate", "POST", "/api/templates/welcome/preview", Template),
        new("ListSuppressions", "GET", "/api/suppressions?tenant=acme&channel=email&cursor="),
        new("AddSuppression", "POST", "/api/suppressions?tenant=acme",
            """{"channel":"email","address":"gone@example.com","note":"asked by phone"}"""),
        new("FindSuppression", "POST", "/api/suppressions/find?tenant=acme", """{"channel":"sms","address":"+12025550123"}"""),
        new("GetSuppression", "GET", "/api/suppressions/0abc?tenant=acme"),
        new("DeleteSuppression", "DELETE", "/api/suppressions/0abc?tenant=acme"),
        new("GetRejected", "GET", "/api/rejected?cursor="),
        new("RetryRejected", "POST", "/api/rejected/0abc/retry?again=true"),
        new("GetDeadLetters", "GET", "/api/dead-letters?cause=retries_used_up&cursor="),
        new("RedriveDeadLetters", "POST", "/api/dead-letters/redrive", """{"cause":"retries_used_up","preview":true}"""),
        new("RedriveDeadLetters", "POST", "/api/dead-letters/redrive", """{"ids":["0abc"]}"""),
        new("GetUnsubscribe", "GET", "/api/unsubscribe/" + Link),
        new("PostUnsubscribe", "POST", "/api/unsubscribe/" + Link, "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        new("ReceiveWebhook", "POST", "/api/webhooks/sendgrid", SendGridEvents),
        new("ReceiveWebhook", "POST", "/api/webhooks/twilio?attempt=SMS", TwilioForm, "application/x-www-form-urlencoded"),
        new("ReceiveWebhook", "POST", "/api/webhooks/azure-communication", EventGrid),
        new("AllowWebhook", "OPTIONS", "/api/webhooks/azure-communication"),
        new("Health", "GET", "/api/health"),
        new("HealthDetails", "GET", "/api/health/details"),
        new("HealthLive", "GET", "/api/health/live"),
        new("WrongRoute", "GET", "/api/nothing/here?a=b"),
    ];

    /// <summary>Stands for a number that makes ids and keys of one request those of no other.</summary>
    public const string Number = "NUMBER";

    /// <summary>Stands for the token of a genuine unsubscribe link.</summary>
    public const string Link = "LINK";

    /// <summary>Stands for the attempt of a mail that was sent.</summary>
    public const string Mail = "MAIL";

    /// <summary>Stands for the attempt of a text message that was sent.</summary>
    public const string Sms = "SMS";

    /// <summary>The words of the contract: what a mutation takes away or puts elsewhere.</summary>
    public static IReadOnlyList<string> Words { get; } = [.. ContractNames.Channels.Select(channel => channel.Name()), "tenant", "cursor",
        "channel", "status", "id", "by", "again", "cause", "code"];
}
