namespace Notify.Functions.Tests.Providers.Twilio;

/// <summary>Settings of a Twilio account on this machine.</summary>
internal static class TwilioAccount
{
    public const string Sid = "AC0123456789abcdef0123456789abcdef";

    public const string AuthToken = "fedcba9876543210fedcba9876543210";

    public static Dictionary<string, string?> Settings(string address) => new()
    {
        ["Notify:PublicBaseUrl"] = "https://Notify.Example/base/",
        ["Notify:Providers:Twilio:BaseAddress"] = address,
        ["Notify:Providers:Twilio:AccountSid"] = Sid,
        ["Notify:Providers:Twilio:AuthToken"] = AuthToken,
        ["Notify:Providers:Twilio:From"] = "+15005550006",
    };
}
