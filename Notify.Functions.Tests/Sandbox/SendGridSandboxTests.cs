using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Notify.Functions.Tests.Sandbox;

public class SendGridSandboxTests
{
    private const string Good = """
        {"from":{"email":"no-reply@notify.example","name":"Notify"},"subject":"Order","content":[{"type":"text/plain","value":"Hello -name-"},{"type":"text/html","value":"<p>Hello</p>"}],
         "categories":["orders"],"headers":{"List-Unsubscribe":"<https://example.com/u>"},
         "personalizations":[{"to":[{"email":"ann@example.com"}],"custom_args":{"attempt":"r1.t1.e1.e~1"},"substitutions":{"-name-":"Ann"}},
                             {"to":[{"email":"bob@example.com"}],"custom_args":{"attempt":"r2.t1.e1.e~1"},"subject":"Yours"}]}
        """;

    [Fact]
    public async Task Each_recipient_of_an_accepted_mail_is_kept_under_the_requests_name()
    {
        await using var sandbox = await SandboxHost.StartAsync();

        using var answer = await sandbox.SendMailAsync(Good);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsStringAsync());
        var messageId = Assert.Single(answer.Headers.GetValues("X-Message-Id"));
        Assert.Equal(
            [("ann@example.com", "Order", "Hello Ann", "r1.t1.e1.e", messageId),
                ("bob@example.com", "Yours", "Hello -name-", "r2.t1.e1.e", messageId)],
            (await sandbox.MessagesAsync("?channel=email")).Select(m =>
                (Text(m, "to"), Text(m, "subject"), Text(m, "body"), Text(m, "deliveryId"), Text(m, "providerMessageId"))));
    }

    [Theory]
    [InlineData(1000, 202)]
    [InlineData(1001, 400)]
    public async Task A_request_takes_a_thousand_personalizations(int count, int status)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var mail = JsonNode.Parse(Good)!.AsObject();
        mail["personalizations"] = new JsonArray([.. Enumerable.Range(0, count).Select(i =>
            (JsonNode)new JsonObject { ["to"] = new JsonArray(new JsonObject { ["email"] = $"user{i}@example.com" }) })]);

        using var answer = await sandbox.SendMailAsync(mail.ToJsonString());

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status == 202 ? count : 0, (await sandbox.MessagesAsync()).Count);
    }

    [Fact]
    public async Task A_mail_in_SendGrids_own_sandbox_mode_is_checked_only()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var mail = JsonNode.Parse(Good)!.AsObject();
        mail["mail_settings"] = JsonNode.Parse("""{"sandbox_mode":{"enable":true}}""");

        using var answer = await sandbox.SendMailAsync(mail.ToJsonString());

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(await sandbox.MessagesAsync());
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
