namespace Notify.Functions.Contract;

/// <summary>A way to reach a recipient. The numbers are persisted: never change or reuse one.</summary>
public enum Channel
{
    /// <summary>Email, <c>email</c>.</summary>
    Email = 1,

    /// <summary>Text message, <c>sms</c>.</summary>
    Sms = 2,

    /// <summary>Mobile or web push, <c>push</c>.</summary>
    Push = 3,

    /// <summary>The recipient's inbox inside the product, <c>in_app</c>.</summary>
    InApp = 4,
}
