using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Notify.Functions.Tests.Sandbox;

public class FcmRefusalTests(RefusingSandbox shared) : IClassFixture<RefusingSandbox>
{
    private const string Good = """{"message":{"token":"device-1","notification":{"title":"t","body":"b"}}}""";

    [Theory]
    [InlineData("unregistered-1", 404, "UNREGISTERED", "NOT_FOUND")]
    [InlineData("invalid-1", 400, "INVALID_ARGUMENT", "INVALID_ARGUMENT")]
    [InlineData("mismatch-1", 403, "SENDER_ID_MISMATCH", "PERMISSION_DENIED")]
    [InlineData("thirdparty-1", 401, "THIRD_PARTY_AUTH_ERROR", "UNAUTHENTICATED")]
    [InlineData("quota-1", 429, "QUOTA_EXCEEDED", "RESOURCE_EXHAUSTED")]
    [InlineData("internal-1", 500, "INTERNAL", "INTERNAL")]
    [InlineData("unavailable-1", 503, "UNAVAILABLE", "UNAVAILABLE")]
    public async Task A_magic_token_fails_with_its_code(string token, int http, string code, string status)
    {
        var sandbox = shared.Host;

        using var answer = await sandbox.SendPushAsync(Good.Replace("device-1", token, StringComparison.Ordinal));

        Assert.Equal(http, (int)answer.StatusCode);
        var error = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal(http, error.GetProperty("code").GetInt32());
        Assert.Equal(status, error.GetProperty("status").GetString());
        var detail = error.GetProperty("details").EnumerateArray()
            .Single(d => d.GetProperty("@type").GetString()!.EndsWith("FcmError", StringComparison.Ordinal));
        Assert.Equal(code, detail.GetProperty("errorCode").GetString());
        Assert.Empty(await sandbox.MessagesAsync());
    }

    [Theory]
    [InlineData("""{""", "Invalid JSON payload received. Unexpected token.")]
    [InlineData("""[]""", "Invalid JSON payload received. The body is not an object.")]
    [InlineData("""{}""", "Message is required.")]
    [InlineData("""{"message":{"notification":{"title":"a"}}}""", "Recipient of the message is not set.")]
    [InlineData("""{"message":{"token":""}}""", "Recipient of the message is not set.")]
    [InlineData("""{"message":{"token":"a","topic":"b"}}""",
        "Invalid value (oneof), oneof field 'target' is already set. Cannot set 'topic'")]
    [InlineData("""{"message":{"token":"a","data":{"n":12}}}""", "Invalid value at 'message.data[0].value' (TYPE_STRING), 12")]
    [InlineData("""{"message":{"token":"a","data":{"from":"x"}}}""", "Invalid data payload key: from")]
    [InlineData("""{"message":{"token":"a","data":{"google.x":"x"}}}""", "Invalid data payload key: google.x")]
    [InlineData("""{"message":{"token":5}}""", "Invalid value at 'message.token' (TYPE_STRING), 5")]
    [InlineData("""{"message":{"token":"a","title":"x"}}""", "Invalid JSON payload received. Unknown name \"title\": Cannot find field.")]
    [InlineData("""{"message":{"token":"a","android":{"colour":"x"}}}""",
        "Invalid JSON payload received. Unknown name \"colour\" at 'message.android': Cannot find field.")]
    [InlineData("""{"to":"a","message":{"token":"a"}}""", "Invalid JSON payload received. Unknown name \"to\": Cannot find field.")]
    [InlineData("""{"message":{"token":"a","android":{"ttl":"3600"}}}""",
        "Invalid time to live: it must be a duration in seconds, up to four weeks.")]
    [InlineData("""{"message":{"token":"a","android":{"ttl":"2419201s"}}}""",
        "Invalid time to live: it must be a duration in seconds, up to four weeks.")]
    [InlineData("""{"message":{"token":"a","apns":{"headers":{"apns-priority":"7"}}}}""", "Invalid apns-priority: it must be 1, 5 or 10.")]
    [InlineData("""{"message":{"token":"a","webpush":{"fcm_options":{"link":"http://x"}}}}""", "Invalid link: it must be an HTTPS URL.")]
    [InlineData("""{"message":{"token":"a","fcm_options":{"analytics_label":"a b"}}}""", "Invalid analytics label.")]
    [InlineData("""{"message":{"topic":"/topics/news"}}""", "Invalid topic name.")]
    public async Task A_faulty_message_is_refused_as_an_invalid_argument(string body, string message)
    {
        var sandbox = shared.Host;

        using var answer = await sandbox.SendPushAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var error = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal("INVALID_ARGUMENT", error.GetProperty("status").GetString());
        Assert.Equal(message, error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task An_unknown_project_is_forbidden()
    {
        var sandbox = shared.Host;

        using var answer = await sandbox.SendPushAsync(Good, project: "someone-elses");

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("PERMISSION_DENIED", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
