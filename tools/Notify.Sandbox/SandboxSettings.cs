using System.Text.Json.Nodes;
using Notify.Sandbox.Common;

namespace Notify.Sandbox;

/// <summary>The app settings that point every provider at a sandbox.</summary>
internal static class SandboxSettings
{
    /// <summary>For a host that has the sandbox inside and serves its webhooks on the same address.</summary>
    /// <param name="baseUrl">Where the host listens, such as <c>http://localhost:7071</c>.</param>
    public static IReadOnlyDictionary<string, string> For(string baseUrl) =>
        For(baseUrl, SandboxCredentials.OfThisProcess, publicBaseUrl: baseUrl);

    /// <summary>For a host that serves its webhooks elsewhere, or (<see langword="null"/>) sets its own public address.</summary>
    internal static Dictionary<string, string> For(string baseUrl, SandboxCredentials credentials, string? publicBaseUrl)
    {
        var sandbox = baseUrl.TrimEnd('/') + SandboxEndpoints.Root;
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Notify:Providers:Fcm:BaseAddress"] = $"{sandbox}/fcm/",
            ["Notify:Providers:Fcm:ProjectId"] = credentials.FcmProjectId,
            ["Notify:Providers:Fcm:Credentials"] = ServiceAccount(credentials, $"{sandbox}/fcm/token"),
            ["Notify:Providers:SendGrid:BaseAddress"] = $"{sandbox}/sendgrid/",
            ["Notify:Providers:SendGrid:ApiKey"] = credentials.SendGridApiKey,
            ["Notify:Providers:SendGrid:FromAddress"] = credentials.SendGridFromAddress,
            ["Notify:Providers:SendGrid:FromName"] = "Notify",
            ["Notify:Providers:SendGrid:WebhookKey"] = credentials.SendGridWebhookKey,
            ["Notify:Providers:Twilio:BaseAddress"] = $"{sandbox}/twilio/",
            ["Notify:Providers:Twilio:AccountSid"] = credentials.TwilioAccountSid,
            ["Notify:Providers:Twilio:AuthToken"] = credentials.TwilioAuthToken,
            ["Notify:Providers:Twilio:From"] = credentials.TwilioFrom,
            ["Notify:Providers:AzureCommunication:BaseAddress"] = $"{sandbox}/azure-communication/",
            ["Notify:Providers:AzureCommunication:AccessKey"] = credentials.AzureCommunicationAccessKey,
            ["Notify:Providers:AzureCommunication:SenderAddress"] = credentials.AzureCommunicationSenderAddress,
            ["Notify:Providers:AzureCommunication:From"] = credentials.AzureCommunicationFrom,
            ["Notify:Providers:AzureCommunication:WebhookKey"] = credentials.AzureCommunicationWebhookKey,
        };
        if (publicBaseUrl is not null)
        {
            settings["Notify:PublicBaseUrl"] = publicBaseUrl.TrimEnd('/');
        }
        return settings;
    }

    /// <summary>The JSON file that Google Cloud hands out for a service account's key.</summary>
    private static string ServiceAccount(SandboxCredentials credentials, string tokenUri) => new JsonObject
    {
        ["type"] = "service_account",
        ["project_id"] = credentials.FcmProjectId,
        ["private_key_id"] = credentials.FcmKeyId,
        ["private_key"] = credentials.FcmPrivateKey,
        ["client_email"] = credentials.FcmClientEmail,
        ["client_id"] = "100000000000000000001",
        ["token_uri"] = tokenUri,
        ["universe_domain"] = "googleapis.com",
    }.ToJsonString(SandboxJson.Options);
}
