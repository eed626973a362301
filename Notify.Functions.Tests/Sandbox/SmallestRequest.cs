namespace Notify.Functions.Tests.Sandbox;

/// <summary>The smallest request that each provider accepts.</summary>
internal static class SmallestRequest
{
    public const string Push = """{"message":{"token":"device-1"}}""";

    public const string Mail = """
        {"from":{"email":"no-reply@notify.example"},"subject":"s","content":[{"type":"text/plain","value":"b"}],"personalizations":[{"to":[{"email":"a@b.example"}]}]}
        """;

    public const string AcsEmail = """
        {"senderAddress":"no-reply@azure.notify.example","content":{"subject":"s","plainText":"b"},"recipients":{"to":[{"address":"a@b.example"}]}}
        """;

    public const string AcsSms = """{"from":"+18005550100","message":"b","smsRecipients":[{"to":"+4915112345678"}]}""";

    public static Task<HttpResponseMessage> SendAsync(SandboxHost sandbox, string provider) => provider switch
    {
        "fcm" => sandbox.SendPushAsync(Push),
        "sendgrid" => sandbox.SendMailAsync(Mail),
        "acs-email" => sandbox.SendAcsAsync("emails:send?api-version=2023-03-31", AcsEmail),
        "acs-sms" => sandbox.SendAcsAsync("sms?api-version=2021-03-07", AcsSms),
        _ => sandbox.SendSmsAsync(Sms(sandbox)),
    };

    public static Dictionary<string, string> Sms(SandboxHost sandbox) => new()
    {
        ["To"] = "+4915112345678",
        ["From"] = sandbox["Twilio:From"],
        ["Body"] = "b",
    };
}
