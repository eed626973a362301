using System.Text.Json;
using Notify.Functions.Sending;
using Notify.Functions.Tests.Providers.Harness;

namespace Notify.Functions.Tests.Providers.Fcm;

/// <summary>Every documented error, as a real answer.</summary>
public sealed class FcmErrorTests : IAsyncLifetime
{
    /// <summary>From the test suite of Google's own SDK (firebase-admin-dotnet) and Firebase's documentation.</summary>
    private const string Embedded = """
        {"vectors":[
          {"name":"success","http_status":200,"headers":{},"proposed_class":"accepted: provider_message_id = name",
           "body_text":"{\"name\":\"projects/fir-adminintegrationtests/messages/8580920590356323124\"}"},
          {"name":"unknown_fcm_code","http_status":503,"headers":{},"proposed_class":"by HTTP status: retryable",
           "body_text":"{\"error\": {\"status\": \"PERMISSION_DENIED\", \"message\": \"Test error message\", \"details\": [{\"@type\": \"type.googleapis.com/google.firebase.fcm.v1.FcmError\", \"errorCode\": \"SOMETHING_UNUSUAL\"}]}}"},
          {"name":"plain_text","http_status":503,"headers":{},"proposed_class":"retryable","body_text":"plain text"},
          {"name":"official_code_UNREGISTERED","http_status":503,"headers":{},"proposed_class":"permanent:invalidate_token",
           "body_text":"{\"error\": {\"status\": \"PERMISSION_DENIED\", \"message\": \"Test error message\", \"details\": [{\"@type\": \"type.googleapis.com/google.firebase.fcm.v1.FcmError\", \"errorCode\": \"UNREGISTERED\"}]}}"},
          {"name":"official_code_QUOTA_EXCEEDED","http_status":503,"headers":{},"proposed_class":"retryable:rate_limited",
           "body_text":"{\"error\": {\"status\": \"PERMISSION_DENIED\", \"message\": \"Test error message\", \"details\": [{\"@type\": \"type.googleapis.com/google.firebase.fcm.v1.FcmError\", \"errorCode\": \"QUOTA_EXCEEDED\"}]}}"},
          {"name":"official_code_THIRD_PARTY_AUTH_ERROR","http_status":503,"headers":{},"proposed_class":"permanent:configuration",
           "body_text":"{\"error\": {\"status\": \"PERMISSION_DENIED\", \"message\": \"Test error message\", \"details\": [{\"@type\": \"type.googleapis.com/google.firebase.fcm.v1.FcmError\", \"errorCode\": \"THIRD_PARTY_AUTH_ERROR\"}]}}"}
        ]}
        """;

    private static readonly IReadOnlyDictionary<string, JsonElement> Rows = Vectors.Load("fcm_v1_responses.json", Embedded);

    private FcmProject _fcm = null!;

    public static TheoryData<string> RowNames => Vectors.Names(Rows);

    public async Task InitializeAsync() => _fcm = await FcmProject.StartAsync();

    public async Task DisposeAsync() => await _fcm.DisposeAsync();

    [Theory]
    [MemberData(nameof(RowNames))]
    public async Task An_answer_means_what_the_vectors_say(string name)
    {
        var row = Rows[name];
        var headers = row.GetProperty("headers").EnumerateObject().Select(header => (header.Name, header.Value.GetString()!)).ToArray();
        _fcm.Send = _ => new ProviderReply(row.GetProperty("http_status").GetInt32(), row.Text("body_text"), headers);

        var result = await _fcm.SendAsync("device:A");

        var isRejected = result is SendResult.Rejected;
        var isDead = result is SendResult.Rejected { AddressIsDead: true };
        switch (row.Text("proposed_class"))
        {
            case var accepted when accepted.StartsWith("accepted", StringComparison.Ordinal):
                Assert.Equal(new SendResult.Accepted("projects/fir-adminintegrationtests/messages/8580920590356323124"), result);
                break;
            case "permanent:invalidate_token":
                Assert.True(isDead, result.ToString());
                break;
            case "permanent:configuration":
                // Of this device's platform or project only.
                Assert.IsType<SendResult.TargetBusy>(result);
                break;
            case var permanent when permanent.StartsWith("permanent", StringComparison.Ordinal):
                Assert.True(isRejected && !isDead, result.ToString());
                break;
            case "retryable:rate_limited":
                Assert.Equal(TimeSpan.FromMinutes(1), Assert.IsType<SendResult.TargetBusy>(result).RetryAfter);
                break;
            case "retryable" or "by HTTP status: retryable":
                Assert.IsType<SendResult.Unavailable>(result);
                break;
            case var other:
                Assert.Fail($"The class '{other}' is new.");
                break;
        }
    }

    [Theory]
    [InlineData(503, "UNAVAILABLE", "7", "Unavailable { Reason = fcm:UNAVAILABLE, RetryAfter = 00:00:07 }")]
    [InlineData(500, "INTERNAL", null, "Unavailable { Reason = fcm:INTERNAL, RetryAfter =  }")]
    [InlineData(429, "QUOTA_EXCEEDED", "90", "TargetBusy { Reason = fcm:QUOTA_EXCEEDED, RetryAfter = 00:01:30 }")]
    [InlineData(404, "UNREGISTERED", null, "Rejected { Reason = fcm:UNREGISTERED, AddressIsDead = True }")]
    [InlineData(403, "SENDER_ID_MISMATCH", null, "TargetBusy { Reason = fcm:SENDER_ID_MISMATCH, RetryAfter =  }")]
    [InlineData(401, "THIRD_PARTY_AUTH_ERROR", null, "TargetBusy { Reason = fcm:THIRD_PARTY_AUTH_ERROR, RetryAfter =  }")]
    [InlineData(400, "UNSPECIFIED_ERROR", null, "TargetBusy { Reason = fcm:UNSPECIFIED_ERROR, RetryAfter =  }")]
    [InlineData(404, null, null, "AccountRefused { Reason = fcm:http-404 }")]
    [InlineData(429, null, null, "RateLimited { Reason = fcm:http-429, RetryAfter = 00:01:00 }")]
    [InlineData(500, null, null, "Unavailable { Reason = fcm:http-500, RetryAfter =  }")]
    [InlineData(502, null, null, "Unknown { Reason = fcm:http-502 }")]
    [InlineData(504, null, null, "Unknown { Reason = fcm:http-504 }")]
    [InlineData(302, null, null, "AccountRefused { Reason = fcm:http-302 }")]
    public async Task A_code_decides_and_without_one_the_status(int status, string? code, string? retryAfter, string expected)
    {
        var body = code is null
            ? "" : $$"""{"error":{"details":[{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"{{code}}"}]} }""";
        _fcm.Send = _ => retryAfter is null
            ? new ProviderReply(status, body) : new ProviderReply(status, body, ("Retry-After", retryAfter));
        Assert.Equal(expected, (await _fcm.SendAsync("device:A")).ToString());
    }
}
