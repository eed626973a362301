namespace Notify.Sandbox.Reports;

/// <summary>One thing that a provider says later of a message that it has accepted.</summary>
/// <param name="Kind">The provider's name for it: <c>delivered</c>, <c>bounce</c>, …</param>
/// <param name="Content">What is posted: SendGrid's or Event Grid's event as a JSON object, or Twilio's form.</param>
internal sealed record Report(string Kind, string Content)
{
    /// <summary>Where it goes, where the message itself said so (Twilio's StatusCallback, exactly as it was given).</summary>
    public string? Url { get; init; }
}
