using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Notify.Functions.Tests.Sandbox;

public class SendGridRefusalTests(RefusingSandbox shared) : IClassFixture<RefusingSandbox>
{
    private const string Good = """
        {"from":{"email":"no-reply@notify.example","name":"Notify"},"subject":"Order","content":[{"type":"text/plain","value":"Hello -name-"},{"type":"text/html","value":"<p>Hello</p>"}],
         "categories":["orders"],"headers":{"List-Unsubscribe":"<https://example.com/u>"},
         "personalizations":[{"to":[{"email":"ann@example.com"}],"custom_args":{"attempt":"r1.t1.e1.e~1"},"substitutions":{"-name-":"Ann"}},
                             {"to":[{"email":"bob@example.com"}],"custom_args":{"attempt":"r2.t1.e1.e~1"},"subject":"Yours"}]}
        """;

    [Theory]
    [InlineData("personalizations", null, "personalizations",
        "The personalizations field is required and must have at least one personalization.")]
    [InlineData("from", null, "from.email", "The from object must be provided for every email send.")]
    [InlineData("subject", null, "subject", "The subject is required.")]
    [InlineData("content", null, "content", "Unless a valid template_id is provided, the content parameter is required.")]
    [InlineData("from", """{"email":"no"}""", "from.email", "The from email does not contain a valid address.")]
    [InlineData("personalizations", """[{"to":[]}]""", "personalizations.0.to", "The to array is required for all personalization objects")]
    [InlineData("personalizations", """[{"to":[{"email":"a b@c"}]}]""", "personalizations.0.to.0.email",
        "Does not contain a valid address.")]
    [InlineData("personalizations", """[{"to":[{"email":"a@b.example"}]},{"to":[{"email":"A@b.example"}]}]""", "personalizations",
        "Each unique email address")]
    [InlineData("personalizations", """[{"to":[{"email":"a@b.example"}],"custom_args":{"n":1}}]""", "personalizations.0.custom_args.n",
        "Invalid type. Expected: string, given: integer.")]
    [InlineData("personalizations", """[{"to":[{"email":"a@b.example"}],"metadata":{}}]""", "personalizations.0",
        "Additional property metadata is not allowed")]
    [InlineData("content", """[{"type":"text/plain","value":""}]""", "content.0.value",
        "The content value must be a string at least one character in length.")]
    [InlineData("content", """[{"type":"text","value":"a"}]""", "content.0.type",
        "The content type must be a string containing a valid MIME type.")]
    [InlineData("content", """[{"type":"text/html","value":"a"},{"type":"text/plain","value":"a"}]""", "content",
        "If present, text/plain must be the first content")]
    [InlineData("content", """[{"type":"text/plain","value":"a"},{"type":"text/plain","value":"b"}]""", "content",
        "If present, text/plain and text/html may only be provided once.")]
    [InlineData("categories", """["1","2","3","4","5","6","7","8","9","10","11"]""", "categories", "There may be up to 10 categories")]
    [InlineData("headers", """{"Subject":"x"}""", "headers", "The Subject header is reserved and cannot be used.")]
    [InlineData("send_at", "99999999999", "send_at", "Scheduling more than 72 hours in advance is forbidden.")]
    [InlineData("send_at", "\"now\"", "send_at", "Invalid type. Expected: integer, given: string.")]
    [InlineData("recipients", "[]", "(root)", "Additional property recipients is not allowed")]
    public async Task A_faulty_mail_is_refused_by_field(string field, string? value, string faultyField, string message)
    {
        var sandbox = shared.Host;
        var mail = JsonNode.Parse(Good)!.AsObject();
        mail.Remove(field);
        if (value is not null)
        {
            mail[field] = JsonNode.Parse(value);
        }

        using var answer = await sandbox.SendMailAsync(mail.ToJsonString());

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var errors = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateArray().ToList();
        Assert.Contains(errors, e => Text(e, "field") == faultyField && Text(e, "message").StartsWith(message, StringComparison.Ordinal));
        Assert.All(errors, e => Assert.StartsWith("http://sendgrid.com/docs/", Text(e, "help")));
        Assert.Empty(await sandbox.MessagesAsync());
    }

    [Fact]
    public async Task Every_fault_of_a_mail_is_in_one_answer()
    {
        var sandbox = shared.Host;

        using var answer = await sandbox.SendMailAsync(
            """{"personalizations":[{"to":[{"email":"x"}]}],"from":{"email":"no-reply@notify.example"}}""");

        var errors = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors");
        Assert.Equal(["personalizations.0.to.0.email", "content", "subject"], errors.EnumerateArray().Select(e => Text(e, "field")));
    }

    [Fact]
    public async Task Keys_senders_content_types_and_sizes_are_checked()
    {
        var sandbox = shared.Host;
        var uri = new Uri(sandbox["SendGrid:BaseAddress"] + "v3/mail/send");

        using var wrongKey = await sandbox.SendMailAsync(Good, apiKey: "SG.other");
        using var noKey = await sandbox.Client.PostAsync(uri, new StringContent(Good, Encoding.UTF8, "application/json"));
        using var unverified = await sandbox.SendMailAsync(
            Good.Replace("no-reply@notify.example", "else@notify.example", StringComparison.Ordinal));
        using var noJson = await sandbox.SendMailAsync("{");
        using var tooLarge = await sandbox.SendMailAsync(new string(' ', 30 * 1024 * 1024) + Good);
        using var text = new HttpRequestMessage(HttpMethod.Post, uri) { Content = new StringContent(Good) };
        text.Headers.Add("Authorization", "Bearer " + sandbox["SendGrid:ApiKey"]);
        using var wrongType = await sandbox.Client.SendAsync(text);

        Assert.Equal([401, 401, 403, 400, 413, 415],
            new[] { wrongKey, noKey, unverified, noJson, tooLarge, wrongType }.Select(a => (int)a.StatusCode));
        Assert.Equal(
            """{"errors":[{"message":"The provided authorization grant is invalid, expired, or revoked","field":null,"help":null}]}""",
            await wrongKey.Content.ReadAsStringAsync());
        Assert.Empty(await sandbox.MessagesAsync());
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
