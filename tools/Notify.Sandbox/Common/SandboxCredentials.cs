using System.Security.Cryptography;
using System.Text;

namespace Notify.Sandbox.Common;

/// <summary>
/// Accounts and keys that exist nowhere but in the sandbox. They are generated, so that no key stands in the code and none is worth
/// anything outside the process.
/// </summary>
internal sealed class SandboxCredentials
{
    private static readonly Lazy<SandboxCredentials> Shared = new(Generate);

    private SandboxCredentials(RSA serviceAccount, ECDsa webhooks)
    {
        FcmPrivateKey = serviceAccount.ExportPkcs8PrivateKeyPem();
        FcmPublicKey = serviceAccount.ExportSubjectPublicKeyInfo();
        FcmKeyId = Hex(20);
        SendGridSigningKey = webhooks.ExportPkcs8PrivateKey();
        SendGridWebhookKey = Convert.ToBase64String(webhooks.ExportSubjectPublicKeyInfo());
        SendGridApiKey = $"SG.{Base64Url(16)}.{Base64Url(32)}";
        TwilioAccountSid = "AC" + Hex(16);
        TwilioAuthToken = Hex(16);
        TwilioMessagingServiceSid = "MG" + Hex(16);
        AzureCommunicationAccessKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));
        AzureCommunicationWebhookKey = Hex(16);
    }

    /// <summary>The ones of this process, made on first use.</summary>
    public static SandboxCredentials OfThisProcess => Shared.Value;

    /// <summary>The only Firebase project that the sandbox knows.</summary>
    public string FcmProjectId { get; } = "notify-sandbox";

    /// <summary>The service account that may send for the project.</summary>
    public string FcmClientEmail { get; } = "sender@notify-sandbox.iam.gserviceaccount.com";

    /// <summary>The id of the service account's key, the <c>kid</c> of an assertion.</summary>
    public string FcmKeyId { get; }

    /// <summary>The service account's key as in its JSON file: PKCS #8, PEM.</summary>
    public string FcmPrivateKey { get; }

    /// <summary>The bearer token of <c>/v3/mail/send</c>.</summary>
    public string SendGridApiKey { get; }

    /// <summary>The only verified sender identity.</summary>
    public string SendGridFromAddress { get; } = "no-reply@notify.example";

    /// <summary>The public key of the event webhook, base64 of its SubjectPublicKeyInfo as SendGrid's console shows it.</summary>
    public string SendGridWebhookKey { get; }

    /// <summary>The account.</summary>
    public string TwilioAccountSid { get; }

    /// <summary>The account's secret: the password of requests, and the key of the reports' signatures.</summary>
    public string TwilioAuthToken { get; }

    /// <summary>The only messaging service of the account.</summary>
    public string TwilioMessagingServiceSid { get; }

    /// <summary>
    /// The account's own number: the one that Twilio's test credentials accept
    /// (<see href="https://www.twilio.com/docs/iam/test-credentials">test credentials</see>).
    /// </summary>
    public string TwilioFrom { get; } = "+15005550006";

    /// <summary>The access key of the resource, which signs requests.</summary>
    public string AzureCommunicationAccessKey { get; }

    /// <summary>The only sender address of a domain that is connected to the resource.</summary>
    public string AzureCommunicationSenderAddress { get; } = "no-reply@azure.notify.example";

    /// <summary>The resource's own number.</summary>
    public string AzureCommunicationFrom { get; } = "+18005550100";

    /// <summary>The secret that stands in the Event Grid subscription.</summary>
    public string AzureCommunicationWebhookKey { get; }

    internal byte[] FcmPublicKey { get; }

    internal byte[] SendGridSigningKey { get; }

    /// <summary>Makes others, for two sandboxes in one process that must not accept each other's callers.</summary>
    public static SandboxCredentials Generate()
    {
        using var rsa = RSA.Create(2048);
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new SandboxCredentials(rsa, ecdsa);
    }

    /// <summary>Compares a secret in a time that does not tell how much of it is right.</summary>
    internal static bool Same(string expected, string? actual) =>
        actual is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(actual));

    private static string Hex(int bytes) => RandomNumberGenerator.GetHexString(bytes * 2, lowercase: true);

    private static string Base64Url(int bytes) => System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(bytes));
}
