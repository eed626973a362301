using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Notify.Functions.Tests.Scenarios;

/// <summary>Bodies and headers whose text or encoding is broken: the caller's fault, which is said, and never ours.</summary>
public sealed class BrokenTextTests
{
    private const string Text = "TEXT";

    // Every route that reads JSON, with a body that is in order where the text is.
    private static readonly (string Method, string Path, string Body)[] Routes =
    [
        ("POST", "/api/notify",
            """{"type":"alert","priority":"high","recipients":["user_1"],"channels":["in_app"],"payload":{"message":"TEXT"}}"""),
        ("POST", "/api/notify",
            """{"type":"alert","priority":"high","recipients":["TEXT"],"channels":["in_app"],"payload":{"message":"x"}}"""),
        ("POST", "/api/notify",
            """{"schemaVersion":"event.v2","type":"alert","priority":"high","recipients":[{"user":"user_1"}],"channels":["in_app"],"content":{"title":"x","data":{"a":"TEXT"}}}"""),
        ("POST", "/api/notify/batch",
            """[{"type":"alert","priority":"high","recipients":["user_1"],"channels":["in_app"],"payload":{"message":"TEXT"}}]"""),
        ("POST", "/api/dead-letters/redrive", """{"cause":"TEXT"}"""),
        ("POST", "/api/dead-letters/redrive", """{"ids":["m-0"],"cause":"TEXT"}"""),
        ("POST", "/api/dead-letters/redrive", """{"ids":["TEXT"]}"""),
        ("PUT", "/api/recipients/broken", """{"email":"a@example.com","attributes":{"plan":"TEXT"}}"""),
        ("PUT", "/api/recipients/broken", """{"pushTokens":["TEXT",{"token":"TEXT","platform":"ios"}]}"""),
        ("PATCH", "/api/recipients/user_1", """{"attributes":{"plan":"TEXT"}}"""),
        ("PUT", "/api/recipients/user_1/preferences", """{"categories":{"TEXT":false}}"""),
        ("PUT", "/api/recipients/user_1/preferences", """{"quietHours":[{"from":"22:00","to":"TEXT"}]}"""),
        ("POST", "/api/topics/news/subscribers", """["TEXT"]"""),
        ("POST", "/api/suppressions", """{"channel":"email","address":"a@example.com","note":"TEXT"}"""),
        ("POST", "/api/suppressions/find", """{"channel":"email","address":"TEXT@example.com"}"""),
        ("POST", "/api/templates/welcome/preview", """{"channel":"email","payload":{"message":"TEXT"}}"""),
        ("POST", "/api/templates/welcome/preview",
            """{"channel":"email","payload":{"message":"x"},"recipient":{"attributes":{"a":"TEXT"}}}"""),
        ("POST", "/admin/functions/BuildDigests", """{"input":"TEXT"}"""),
    ];

    // In Latin-1, so that any byte can be written.
    private static readonly string[] Broken = ["\\ud800", "x\\udc00y", "\xFF", "J\xF6rg", "\xED\xA0\xBD", "\xC0\xAF", "\xF0\x9F\x98"];

    [Fact]
    public async Task A_body_is_refused_wherever_the_broken_text_stands()
    {
        await using var app = await AppHost.StartAsync();

        foreach (var (method, path, body) in Routes)
        {
            foreach (var broken in Broken)
            {
                await AssertRefusedAsync(app, method, path, body.Replace(Text, broken, StringComparison.Ordinal));
                await AssertRefusedAsync(app, method, path, WithName(body.Replace(Text, "hello", StringComparison.Ordinal), broken));
            }
        }
    }

    [Fact]
    public async Task A_body_in_another_encoding_or_cut_off_is_refused()
    {
        await using var app = await AppHost.StartAsync();

        foreach (var (method, path, body) in Routes)
        {
            var text = body.Replace(Text, "hello", StringComparison.Ordinal);
            foreach (var encoding in new Encoding[] { Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32 })
            {
                await AssertRefusedAsync(app, method, path, [.. encoding.Preamble, .. encoding.GetBytes(text)]);
                await AssertRefusedAsync(app, method, path, encoding.GetBytes(text));
            }
            await AssertRefusedAsync(app, method, path, Encoding.UTF8.GetBytes(text[..^1]));
            await AssertRefusedAsync(app, method, path, [.. Encoding.UTF8.GetBytes(text), 0]);
        }
    }

    [Fact]
    public async Task A_header_is_refused_or_passed_over_and_never_fails_the_call()
    {
        await using var app = await AppHost.StartAsync();
        using var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1 };
        using var http = new HttpClient(handler) { BaseAddress = app.Http.BaseAddress };
        string[] names = ["Content-Type", "Idempotency-Key", "traceparent", "tracestate", "ce-specversion", "ce-id", "ce-source", "ce-type",
            "ce-time", "Accept", "X-Twilio-Signature", "X-Webhook-Key", "WebHook-Request-Origin"];
        string[] values =
        [
            "\xFF", "J\xF6rg", "é", "%ED%A0%80", "%", "\"", ";", "/", "application/json; charset=utf-7", "application/json; charset=\"",
            "application/x-www-form-urlencoded; charset=utf-7",
            "multipart/form-data", "multipart/form-data; boundary=" + new string('b', 300), new string('x', 5000),
        ];

        foreach (var path in new[] { "/api/notify", "/api/notify/batch", "/api/unsubscribe/x", "/api/webhooks/sendgrid",
            "/api/webhooks/twilio", "/api/webhooks/azure-communication?key=x" })
        {
            foreach (var name in names)
            {
                foreach (var value in values)
                {
                    using var request = new HttpRequestMessage(HttpMethod.Post,
                        new Uri(path, UriKind.Relative))
                    { Content = new ByteArrayContent("{}"u8.ToArray()) };
                    request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                    if (name == "Content-Type")
                    {
                        request.Content.Headers.Remove(name);
                        Assert.True(request.Content.Headers.TryAddWithoutValidation(name, value));
                    }
                    else
                    {
                        Assert.True(request.Headers.TryAddWithoutValidation(name, value));
                    }

                    using var answer = await http.SendAsync(request);

                    Assert.True((int)answer.StatusCode is >= 400 and < 500, $"{path}, {name}: {value} → {(int)answer.StatusCode}");
                }
            }
        }
    }

    [Fact]
    public async Task Who_asks_to_call_is_repeated_only_where_a_header_can_hold_it()
    {
        await using var app = await AppHost.StartAsync(setup => setup.Settings["Notify:Channels:email:Providers"] = "acs-email");
        using var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 };
        using var http = new HttpClient(handler) { BaseAddress = app.Http.BaseAddress };

        foreach (var (origin, status) in new[] { ("eventgrid.azure.net", HttpStatusCode.OK), ("bücher.example", HttpStatusCode.BadRequest),
            ("\u6f22", HttpStatusCode.BadRequest) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Options, new Uri("/api/webhooks/azure-communication", UriKind.Relative));
            request.Headers.Add("X-Webhook-Key", Notify.Sandbox.Common.SandboxCredentials.OfThisProcess.AzureCommunicationWebhookKey);
            Assert.True(request.Headers.TryAddWithoutValidation("WebHook-Request-Origin", origin));

            using var answer = await http.SendAsync(request);

            Assert.Equal(status, answer.StatusCode);
        }
    }

    // A field more, in the first object or instead of the first item.
    private static string WithName(string body, string name) =>
        body.Contains('{', StringComparison.Ordinal)
            ? body.Insert(body.IndexOf('{', StringComparison.Ordinal) + 1, $"\"{name}\":1,") : $$"""[{"{{name}}":1}]""";

    private static Task AssertRefusedAsync(AppHost app, string method, string path, string latin1) =>
        AssertRefusedAsync(app, method, path, Encoding.Latin1.GetBytes(latin1));

    private static async Task AssertRefusedAsync(AppHost app, string method, string path, byte[] body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method),
            new Uri(path, UriKind.Relative))
        { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        using var answer = await app.Http.SendAsync(request);

        var said = await answer.Content.ReadAsStringAsync();
        // Of a batch each event has its own answer.
        var isRefused = answer.StatusCode == HttpStatusCode.BadRequest
            || (answer.StatusCode == HttpStatusCode.MultiStatus && !said.Contains("202", StringComparison.Ordinal)
                && said.Contains("400", StringComparison.Ordinal));
        Assert.True(isRefused, $"{method} {path} {Encoding.Latin1.GetString(body)} → {(int)answer.StatusCode} {said}");
    }
}
