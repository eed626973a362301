namespace Notify.Functions.Tests.Contract;

/// <summary>Where the versions differ.</summary>
internal static class SchemaCasesByVersion
{
    private static readonly string[] V1Valid =
    [
        "schemaVersion", "schemaVersion event.v1", "createdAt", "createdAt null", "createdAt 2026-01-31", "createdAt 2026-01-31T09:30",
        "createdAt 2026-01-31T09:30:00.1",
        "traceparent any text",
        """recipients ["mailto:jane.doe+x@example.com","tel:+15555550100","MAILTO:a@b","tel:+49 (30) 1234-5678","mailto:o/b%r!en@bücher.example"]""", """recipients ["topic:offers","topic:a:b"]""", """payload {"title":"t"}""",
        """payload {"title":null,"message":"m","html":null,"url":"anything goes","data":{"a":1.50,"b":true,"c":"x"},"more":[{}]}""",
        """payload {"title":" ","message":"m"}""",
    ];

    private static readonly string[] V1Invalid =
    [
        "payload", "payload null", "payload {}", """payload {"data":{}}""", """payload {"message":5}""", """payload {"message":" "}""",
        """payload {"message":"m","title":5}""",
        """payload {"message":"m","data":null}""", """payload {"message":"m","data":{"a":[]}}""",
        """payload {"message":"m","data":{"a":null}}""", """payload {"message":"m","url":5}""",
        """payload {"message":"m","url":"javascript:alert(1)"}""",
        """payload {"message":"m","url":"Data:text/html,x"}""", """payload {"message":"m","url":"file:///etc/passwd"}""",
        "schemaVersion event.v2", """content {"message":"m"}""", """recipients [{"user":"u"}]""", """recipients ["user 1"]""",
        """recipients ["mailto:nobody"]""",
        """recipients ["mailto:a@b@example.com"]""", """recipients ["mailto:a..b@example.com"]""",
        """recipients ["mailto:.a@example.com"]""", """recipients ["mailto:a:b@example.com"]""",
        """recipients ["mailto:a@-example.com"]""", """recipients ["mailto:a@example.com."]""", """recipients ["mailto:a@[127.0.0.1]"]""",
        """recipients ["tel:0123"]""", """recipients ["topic:"]""", """recipients ["topic:a b"]""", """recipients [""]""",
    ];

    private static readonly string[] V2Valid =
    [
        "payload", "payload null", "payload {}", """payload {"order":{"lines":[1,2]},"Title":"not a content's name"}""",
        """content {"title":"t"}""",
        """content {"title":null,"message":"m","html":"<p>m</p>","url":"https://example.com/a?b=c#d","data":{"a":1.50,"b":true,"c":"x"}}""",
        """content {"message":"m","url":"shop-app://orders/17","data":null}""", """content {"title":" ","message":"m"}""",
        """recipients [{"user":"user_1"},{"email":"jane.doe+x@example.com"},{"phone":"+15555550100"},{"user":"user_1"}]""",
        """recipients [{"user":"MAILTO:a@b"}]""", """recipients [{"phone":"+49 30 1234-5678"},{"email":"Jane@BÜCHER.example"}]""",
        """recipients [{"topic":"offers"},{"user":"user_1"}]""",
    ];

    private static readonly string[] V2Invalid =
    [
        "schemaVersion event.v1", "createdAt", "createdAt null", "createdAt 2026-01-31", "createdAt 2026-01-31T09:30:00",
        "createdAt 2026-02-30T00:00:00Z",
        "traceparent any text", "traceparent 00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "traceparent 00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "content", "content null", "content {}", "content []", """content {"message":" "}""", """content {"message":5}""",
        """content {"message":"m","colour":"red"}""",
        """content {"message":"m","data":{"a":{}}}""", """content {"message":"m","data":{"a":null}}""",
        """content {"message":"m","data":[]}""", """content {"message":"m","title":[]}""",
        """content {"message":"m","url":"/orders/17"}""", """content {"message":"m","url":"javascript://%0aalert(1)"}""",
        """content {"message":"m","url":"https://exa mple.com"}""",
        """content {"message":"m","url":"JAVASCRIPT://x"}""", """content {"message":"m","url":"file://server/share"}""",
        """payload {"message":"m"}""", """payload {"data":null}""", """payload {"title":"t"}""", """recipients ["user_1"]""",
        """recipients [{"user":"mailto:a@example.com"}]""", """recipients [{"email":"a..b@example.com"}]""",
        """recipients [{"user":"tel:+15555550100"}]""", """recipients [{"user":"topic:offers"}]""", """recipients [{"topic":"a b"}]""",
        """recipients [{"topic":null}]""",
        """recipients [{}]""", """recipients [{"user":"u","email":"a@example.com"}]""", """recipients [{"User":"u"}]""",
        """recipients [{"user":null}]""", """recipients [{"user":"a b"}]""",
        """recipients [{"email":"mailto:a@example.com x"}]""", """recipients [{"email":"nobody"}]""", """recipients [{"phone":"0123"}]""",
        """recipients [{"phone":"+0123456789"}]""",
    ];

    public static IEnumerable<SchemaCase> All() =>
    [
        .. V1Valid.Select(text => SchemaCase.Of("event.v1", text, isValid: true)),
        .. V1Invalid.Select(text => SchemaCase.Of("event.v1", text, isValid: false)),
        .. V2Valid.Select(text => SchemaCase.Of("event.v2", text, isValid: true)),
        .. V2Invalid.Select(text => SchemaCase.Of("event.v2", text, isValid: false)),
        .. Sizes(),
    ];

    private static IEnumerable<SchemaCase> Sizes()
    {
        foreach (var version in new[] { "event.v1", "event.v2" })
        {
            foreach (var (length, isValid) in new[] { (128, true), (129, false) })
            {
                yield return new SchemaCase(version, "id", Text(length), isValid);
                yield return new SchemaCase(version, "tenant", Text(length), isValid);
                yield return new SchemaCase(version, "template", Text(length / 2 + (isValid ? 0 : 1)), isValid);
                yield return new SchemaCase(version, "deduplicationKey", Text(length * 2), isValid);
                yield return new SchemaCase(version, "channels", Array((length / 8) + (isValid ? 0 : 1), "\"sms\""), isValid);
            }
            var recipient = version is "event.v1" ? "\"u\"" : """{"user":"u"}""";
            yield return new SchemaCase(version, "recipients", Array(1000, recipient), IsValid: true);
            yield return new SchemaCase(version, "recipients", Array(1001, recipient), IsValid: false);
        }
        yield return new SchemaCase("event.v1", "traceparent", Text(128), IsValid: true);
        yield return new SchemaCase("event.v1", "traceparent", Text(129), IsValid: false);
        yield return new SchemaCase("event.v2", "content", $$"""{"message":"m","url":"https://example.com/{{new string('x', 2028)}}"}""",
            IsValid: true);
        yield return new SchemaCase("event.v2", "content", $$"""{"message":"m","url":"https://example.com/{{new string('x', 2029)}}"}""",
            IsValid: false);
    }

    private static string Text(int length) => "\"" + new string('x', length) + "\"";

    private static string Array(int count, string item) => "[" + string.Join(',', Enumerable.Repeat(item, count)) + "]";
}
