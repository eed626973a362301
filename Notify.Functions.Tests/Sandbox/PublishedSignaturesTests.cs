using System.Text;

namespace Notify.Functions.Tests.Sandbox;

/// <summary>The verifiers that judge the sandbox are themselves held against the providers' official vectors.</summary>
public class PublishedSignaturesTests
{
    /// <summary>sendgrid-csharp, tests/SendGrid.Tests/Helpers/EventWebhook/RequestValidatorTests.cs.</summary>
    [Theory]
    [InlineData("\r\n", true)]
    [InlineData("\n", false)]
    [InlineData("", false)]
    public void SendGrids_official_vector_is_genuine_with_its_line_break_only(string end, bool genuine)
    {
        const string Body = """
            [{"email":"hello@world.com","event":"dropped","reason":"Bounced Address","sg_event_id":"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA","sg_message_id":"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0","smtp-id":"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>","timestamp":1600112492}]
            """;
        Assert.Equal(genuine, PublishedSignatures.IsSendGrid(
            "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==",
            "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=",
            "1600112502",
            Encoding.UTF8.GetBytes(Body + end)));
    }

    /// <summary>twilio-csharp, test/Twilio.Test/Security/RequestValidatorTest.cs.</summary>
    [Fact]
    public void Twilios_official_vector_gives_its_signature() => Assert.Equal("RSOYDt4T1cUTdK1PDd93/VVr8B8=", PublishedSignatures.Twilio(
        "12345",
        "https://mycompany.com/myapp.php?foo=1&bar=2",
        Encoding.UTF8.GetBytes("CallSid=CA1234567890ABCDE&From=%2B14158675309&Digits=1234&To=%2B18005551212&Caller=%2B14158675309")));

    /// <summary>azure-sdk-for-python, sdk/communication/azure-communication-identity/tests/test_hmac.py.</summary>
    [Fact]
    public void Azure_Communication_Services_official_vector_gives_its_signature() => Assert.Equal(
        ("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
            "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=il99+rd6V5O136roX/zVePCNle78HmvC4B7tu9zRH3I="),
        PublishedSignatures.AzureCommunication("pw==", "GET", "/testPath?testQuery=yes", "Wed, 13 Apr 2022 18:09:12 GMT",
            "contoso.communicationservices.azure.com", []));
}
