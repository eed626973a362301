namespace Notify.Functions.Tests.Providers.AzureCommunication;

/// <summary>Settings of a resource on this machine, and an attempt as the ledger names it.</summary>
internal static class AzureCommunicationAccount
{
    public const string AccessKey = "c2VjcmV0LWFjY2Vzcy1rZXk=";

    public const string WebhookKey = "webhook-secret-0123456789";

    public const string Attempt = "0123456789abcdef.vvvvvvvvv.0123456789abcdefghijklmnop.e~1";

    public static Dictionary<string, string?> Settings(string address) => new()
    {
        ["Notify:Providers:AzureCommunication:BaseAddress"] = address,
        ["Notify:Providers:AzureCommunication:AccessKey"] = AccessKey,
        ["Notify:Providers:AzureCommunication:SenderAddress"] = "hello@notify.example",
        ["Notify:Providers:AzureCommunication:From"] = "+15005550006",
        ["Notify:Providers:AzureCommunication:WebhookKey"] = WebhookKey,
    };
}
