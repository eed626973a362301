namespace Notify.Sandbox.Common;

/// <summary>The names of the providers, and of what faults can be set for.</summary>
internal static class ProviderNames
{
    /// <summary>Firebase Cloud Messaging: sending.</summary>
    public const string Fcm = "fcm";

    /// <summary>The token endpoint that Firebase Cloud Messaging depends on, which fails apart from it.</summary>
    public const string FcmToken = "fcm-token";

    /// <summary>SendGrid.</summary>
    public const string SendGrid = "sendgrid";

    /// <summary>Twilio.</summary>
    public const string Twilio = "twilio";

    /// <summary>Email by Azure Communication Services.</summary>
    public const string AcsEmail = "acs-email";

    /// <summary>Text messages by Azure Communication Services.</summary>
    public const string AcsSms = "acs-sms";

    /// <summary>In a fault: every provider.</summary>
    public const string Any = "*";

    /// <summary>Every endpoint that answers.</summary>
    public static IReadOnlyList<string> All { get; } = [Fcm, FcmToken, SendGrid, Twilio, AcsEmail, AcsSms];
}
