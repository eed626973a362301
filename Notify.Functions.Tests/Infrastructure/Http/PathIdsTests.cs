using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Functions.Http;
using Notify.Functions.Infrastructure.Http;
using Notify.Functions.Tests.Scenarios;

namespace Notify.Functions.Tests.Infrastructure.Http;

/// <summary>An id in a path is what its caller has encoded, once.</summary>
public sealed class PathIdsTests
{
    private const string Body = """{"message":"Hello"}""";

    // What stands between "o" and "b": what an address may hold there, and whether an id may.
    private static readonly (string Text, bool IsInAddress, bool IsInId)[] Samples =
    [
        ("/", true, false), ("%", true, false), ("+", true, true), (":", false, true), ("@", false, true), (" ", false, false),
        ("ü", true, false),
        ("%2F", true, false), ("%252F", true, false), ("%41", true, false), ("/%2f/", true, false), ("//", true, false), ("?", true, false),
        ("#", true, false), ("&=", true, false), ("\\", false, false),
    ];

    // Every route with an id, and what names an id there: A an address or a user's id, U a user's, I any id, X one of the service's own
    // making, so that none of these fits.
    private static readonly (string Method, string Route)[] Routes =
    [
        ("GET", "notifications/{I}"), ("DELETE", "notifications/{I}"), ("DELETE", "recipients/{A}"), ("GET", "recipients/{A}/erasure"),
        ("GET", "recipients/{I}/inbox"),
        ("GET", "recipients/{A}/deliveries"), ("GET", "recipients/{A}/preferences"), ("PUT", "recipients/{A}/preferences"),
        ("GET", "recipients/{A}/preferences/changes"),
        ("GET", "recipients/{U}"), ("PUT", "recipients/{U}"), ("PATCH", "recipients/{U}"), ("GET", "recipients/{A}/topics"),
        ("POST", "rejected/{X}/retry"),
        ("GET", "suppressions/{X}"), ("DELETE", "suppressions/{X}"), ("POST", "templates/{X}/preview"),
        ("PUT", "topics/{I}/subscribers/{A}"), ("DELETE", "topics/{I}/subscribers/{A}"),
        ("POST", "topics/{I}/subscribers"), ("GET", "topics/{I}/subscribers"), ("GET", "unsubscribe/{X}"), ("POST", "unsubscribe/{X}"),
        ("POST", "webhooks/{X}"), ("OPTIONS", "webhooks/{X}"),
    ];

    public static TheoryData<string> AddressTexts => [.. Samples.Where(sample => sample.IsInAddress).Select(sample => sample.Text)];

    [Fact]
    public void Every_route_with_an_id_is_in_the_table()
    {
        var mapped = from method in typeof(RouteMethods).Assembly.GetTypes().SelectMany(type => type.GetMethods())
                     where method.GetCustomAttribute<FunctionAttribute>() is not null
                     from trigger in method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>())
                         .OfType<HttpTriggerAttribute>()
                     where trigger.Route!.Contains('{', StringComparison.Ordinal) && !trigger.Route.Contains('*', StringComparison.Ordinal)
                     from verb in trigger.Methods!.Where(verb => verb is not "head")
                     select $"{verb.ToUpperInvariant()} {Nameless(trigger.Route!)}";

        Assert.Equal(mapped.Order(StringComparer.Ordinal), Routes.Select(route => $"{route.Method} {Nameless(route.Route)}")
            .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_route_takes_what_its_ids_may_hold_and_refuses_the_rest()
    {
        await using var app = await AppHost.StartAsync();
        var wrong = new List<string>();
        foreach (var (method, route) in Routes)
        {
            foreach (var (text, isInAddress, isInId) in Samples)
            {
                foreach (var isAddress in new[] { true, false })
                {
                    var taken = Fits(route, isAddress, isInAddress, isInId);
                    using var answer = await SendAsync(app, method, Path(route, isAddress ? $"mailto:o{text}b@example.com" : $"o{text}b"));
                    // Something taken may still not be there; then the problem is not the id's form.
                    var isRefused = answer.StatusCode is HttpStatusCode.BadRequest
                        && (await answer.Content.ReadAsStringAsync()).Contains("\"id: ", StringComparison.Ordinal);
                    var isRight = (int)answer.StatusCode < 500 && (taken is null
                        ? (int)answer.StatusCode is >= 400 or 204 : isRefused != taken);
                    if (!isRight)
                    {
                        wrong.Add($"{method} {route} {(isAddress ? "mailto " : "")}{text}: {(int)answer.StatusCode}");
                    }
                }
            }
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [MemberData(nameof(AddressTexts))]
    public async Task An_address_in_a_path_is_the_one_that_an_event_names(string text)
    {
        await using var app = await AppHost.StartAsync();
        var recipient = $"mailto:o{text}b@example.com";
        var id = Uri.EscapeDataString(recipient);

        using var subscribed = await SendAsync(app, "PUT", $"topics/offers/subscribers/{id}");
        var subscribers = await app.GetAsync("/api/topics/offers/subscribers");
        var topics = await app.GetAsync($"/api/recipients/{id}/topics");
        using var put = await SendAsync(app, "PUT", $"recipients/{id}/preferences", """{"all":false}""");
        var changes = await app.GetAsync($"/api/recipients/{id}/preferences/changes");
        var chosen = await app.GetAsync($"/api/recipients/{id}/preferences");
        var view = await app.WaitForStatusAsync(await app.NotifyAsync(Event("e1", recipient)), "suppressed");
        var deliveries = await app.GetAsync($"/api/recipients/{id}/deliveries");

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.OK), (subscribed.StatusCode, put.StatusCode));
        Assert.Equal(recipient, Assert.Single(Items(subscribers)).GetProperty("recipient").GetString());
        Assert.Equal("offers", Assert.Single(Items(topics)).GetProperty("topic").GetString());
        Assert.Single(Items(changes));
        Assert.False(chosen.GetProperty("all").GetBoolean());
        Assert.Equal((recipient, "opted_out"),
            (AppHost.Deliveries(view)[0].GetProperty("recipient").GetString(), AppHost.Deliveries(view)[0].GetProperty("reason")
                .GetString()));
        Assert.Equal("e1", Assert.Single(Items(deliveries)).GetProperty("eventId").GetString());

        using var unsubscribed = await SendAsync(app, "DELETE", $"topics/offers/subscribers/{id}");
        Assert.Empty(Items(await app.GetAsync("/api/topics/offers/subscribers")));
        using var cancelled = await SendAsync(app, "DELETE", $"notifications/e1?recipient={id}");
        Assert.Equal(HttpStatusCode.OK, cancelled.StatusCode);
        using var erased = await SendAsync(app, "DELETE", $"recipients/{id}");
        Assert.Equal(HttpStatusCode.Accepted, erased.StatusCode);
        await app.WaitForAsync($"/api/recipients/{id}/erasure", erasure => erasure.GetProperty("state").GetString() != "erasing");
        await app.WaitForAsync("/api/notifications/e1", seen => AppHost.Deliveries(seen)[0].GetProperty("recipient")
            .GetString()!.StartsWith("erased:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Addresses_that_differ_in_how_often_something_is_encoded_are_different_recipients()
    {
        await using var app = await AppHost.StartAsync();
        string[] texts = ["/", "%2F", "%252F", "%2f"];
        for (var n = 0; n < texts.Length; n++)
        {
            using var put = await SendAsync(app, "PUT", $"recipients/{Uri.EscapeDataString(
                $"mailto:o{texts[n]}b@example.com")}/preferences", "{\"categories\":{\"c" + n + "\":false}}");
        }

        for (var n = 0; n < texts.Length; n++)
        {
            // In the rows of an address, upper and lower case are one.
            var expected = texts[n] is "%2F" or "%2f" ? "c3" : "c" + n;
            var chosen = await app.GetAsync($"/api/recipients/{Uri.EscapeDataString($"mailto:o{texts[n]}b@example.com")}/preferences");
            Assert.Equal([expected], chosen.GetProperty("categories").EnumerateObject().Select(category => category.Name));
        }
    }

    // What Kestrel makes of the path, and the target it was made from: the caller's own, or the one that the Functions host writes for its
    // worker.
    [Theory]
    [InlineData("a/b", null, "a/b", false)]
    [InlineData("o%2Fb", "/api/recipients/o%2Fb/inbox?x=/o%252Fb", "o/b", false)]
    [InlineData("o%2Fb", "/api/recipients/o%252Fb/inbox", "o%2Fb", false)]
    [InlineData("o%2fb ü", "/api/recipients/o%2fb%20%C3%BC", "o/b ü", false)]
    [InlineData("o%2F%2Fb", "/api/recipients/o%2F%252Fb", "o/%2Fb", false)]
    [InlineData("o%2Fb", "/api/recipients/o%252Fb/inbox", "o/b", true)]
    [InlineData("o%2Fb", "/api/recipients/o%2Fb/inbox", "o/b", true)]
    [InlineData("o%2Fb", null, "o/b", false)]
    [InlineData("100%41", "/api/recipients/100%2541", "100%41", false)]
    public void A_slash_is_decoded_where_the_server_has_left_it(string value, string? target, string id, bool isHandedOver)
    {
        var context = new DefaultHttpContext();
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = target!;
        if (isHandedOver)
        {
            context.Request.Headers["x-ms-invocation-id"] = "i1";
        }

        Assert.Equal(id, context.Request.PathId(value));
    }

    // Whether an id of this form is taken; nothing where only the service's own fit.
    private static bool? Fits(string route, bool isAddress, bool isInAddress, bool isInId)
    {
        var kind = route[route.LastIndexOf('{') + 1];
        return kind switch
        {
            'X' => null,
            'A' => isAddress ? isInAddress : isInId,
            'U' => !isAddress && isInId,
            // An address without anything special is an id too.
            _ => isInId,
        };
    }

    // The last id is the one that is tried.
    private static string Path(string route, string id)
    {
        var at = route.LastIndexOf('{');
        return string.Concat(route.AsSpan(0, at).ToString().Replace("{I}", "offers", StringComparison.Ordinal), Uri.EscapeDataString(id),
            route.AsSpan(at + 3));
    }

    private static string Nameless(string route) =>
        System.Text.RegularExpressions.Regex.Replace(route, @"\{\w+\}", "{}", System.Text.RegularExpressions.RegexOptions.None,
            TimeSpan.FromSeconds(10));

    private static string Event(string id, string recipient) => JsonSerializer.Serialize(new
    {
        id,
        type = "alert",
        priority = "critical",
        recipients = new[] { recipient },
        channels = new[] { "email" },
        payload = new { message = "Hello" },
    });

    private static IEnumerable<JsonElement> Items(JsonElement page) => page.GetProperty("items").EnumerateArray();

    private static async Task<HttpResponseMessage> SendAsync(AppHost app, string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/" + path);
        request.Content = method is "GET" or "DELETE" ? null : new StringContent(body ?? Body, Encoding.UTF8, "application/json");
        return await app.Http.SendAsync(request);
    }
}
