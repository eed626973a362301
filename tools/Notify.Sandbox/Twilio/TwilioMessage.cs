using Notify.Sandbox.Gate;

namespace Notify.Sandbox.Twilio;

/// <summary>The parameters of a request that the sandbox looks at; absent and empty are the same.</summary>
internal sealed record TwilioMessage
{
    public string? To { get; init; }

    public string? From { get; init; }

    public string? MessagingServiceSid { get; init; }

    public string? Body { get; init; }

    public string? StatusCallback { get; init; }

    public string? ValidityPeriod { get; init; }

    public static TwilioMessage Read(FormBody form) => new()
    {
        To = form.One("To"),
        From = form.One("From"),
        MessagingServiceSid = form.One("MessagingServiceSid"),
        Body = form.One("Body"),
        StatusCallback = form.One("StatusCallback"),
        ValidityPeriod = form.One("ValidityPeriod"),
    };
}
