using System.Security.Cryptography;

namespace Notify.Functions.Tests.Providers.SendGrid;

/// <summary>Settings of a SendGrid account on this machine, and its webhook key.</summary>
internal static class SendGridAccount
{
    public const string ApiKey = "SG.secret-key";

    public static ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static Dictionary<string, string?> Settings(string address) => new()
    {
        ["Notify:Providers:SendGrid:BaseAddress"] = address,
        ["Notify:Providers:SendGrid:ApiKey"] = ApiKey,
        ["Notify:Providers:SendGrid:FromAddress"] = "hello@notify.example",
        ["Notify:Providers:SendGrid:FromName"] = "Notify",
        ["Notify:Providers:SendGrid:WebhookKey"] = Convert.ToBase64String(Key.ExportSubjectPublicKeyInfo()),
    };
}
