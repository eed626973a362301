using System.Security.Cryptography;
using System.Text.Json;
using Notify.Functions.Contract;

namespace Notify.Functions.Tests.Harness;

/// <summary>Settings with which every provider can be registered; nothing in them leads anywhere.</summary>
internal static class TestSettings
{
    public static IReadOnlyDictionary<string, string?> Providers { get; } = Make();

    /// <summary>
    /// No limits, because on a clock that stands still nobody's turn comes, and no circuits, because many tests are about what comes of
    /// each failure.
    /// </summary>
    public static IReadOnlyDictionary<string, string?> Unlimited { get; } =
        ContractNames.Channels.Select(channel => KeyValuePair.Create($"Notify:Channels:{channel.Name()}:RateLimit", (string?)"0"))
        .Append(KeyValuePair.Create("Notify:Resilience:CircuitMinimum", (string?)"10000")).ToDictionary(StringComparer.Ordinal);

    private static Dictionary<string, string?> Make()
    {
        using var rsa = RSA.Create(2048);
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Notify:PublicBaseUrl"] = "https://notify.example.com",
            ["Notify:Providers:Fcm:BaseAddress"] = "https://fcm.example.com/",
            ["Notify:Providers:Fcm:ProjectId"] = "test-project",
            ["Notify:Providers:Fcm:Credentials"] = JsonSerializer.Serialize(new
            {
                type = "service_account",
                project_id = "test-project",
                private_key_id = "1",
                client_email = "sender@test-project.example.com",
                private_key = rsa.ExportPkcs8PrivateKeyPem(),
                token_uri = "https://fcm.example.com/token",
            }),
            ["Notify:Providers:SendGrid:BaseAddress"] = "https://sendgrid.example.com/",
            ["Notify:Providers:SendGrid:ApiKey"] = "SG.test",
            ["Notify:Providers:SendGrid:FromAddress"] = "no-reply@example.com",
            ["Notify:Providers:SendGrid:FromName"] = "Test",
            ["Notify:Providers:SendGrid:WebhookKey"] = Convert.ToBase64String(ecdsa.ExportSubjectPublicKeyInfo()),
            ["Notify:Providers:Twilio:BaseAddress"] = "https://twilio.example.com/",
            ["Notify:Providers:Twilio:AccountSid"] = "AC00000000000000000000000000000000",
            ["Notify:Providers:Twilio:AuthToken"] = "0123456789abcdef0123456789abcdef",
            ["Notify:Providers:Twilio:From"] = "+15555550199",
        };
    }
}
