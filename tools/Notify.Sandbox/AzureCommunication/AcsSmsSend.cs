using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Notify.Sandbox.Common;
using Notify.Sandbox.Gate;
using Notify.Sandbox.Messages;

namespace Notify.Sandbox.AzureCommunication;

/// <summary>
/// <c>POST /sandbox/azure-communication/sms</c>
/// (<see href="https://learn.microsoft.com/rest/api/communication/sms/sms/send">send</see>): 202, and in it a status for each recipient.
/// </summary>
internal sealed partial class AcsSmsSend(
    SandboxOptions options, AcsRequests requests, Acceptance acceptance, AcsRepeats<string> repeats, TimeProvider clock) : IProviderDialect
{
    public string Name => ProviderNames.AcsSms;

    public int MaxBodyBytes => 1024 * 1024;

    public ProviderAnswer Answer(ProviderRequest request)
    {
        var (sms, refusal) = requests.Read(request, "2021-03-07", AcsSms.Read);
        if (sms is null)
        {
            return refusal!;
        }
        if (sms.From != options.Credentials.AzureCommunicationFrom)
        {
            return AcsErrors.Unauthorized();
        }
        var items = sms.Recipients.Select(recipient => Send(request, sms, recipient)).ToArray();
        return ProviderAnswer.Json(StatusCodes.Status202Accepted, new JsonObject { ["value"] = new JsonArray(items) });
    }

    public ProviderAnswer TooLarge() => AcsErrors.TooLarge();

    public ProviderAnswer Error(int status) => AcsErrors.ForStatus(status);

    public ProviderAnswer RateLimited(TimeSpan retryAfter) => AcsErrors.RateLimited(retryAfter);

    public ProviderAnswer Rejected(int? status) =>
        status is null or 400 ? AcsErrors.BadRequest("The request was refused.") : AcsErrors.Refused(status.Value);

    private JsonNode Send(ProviderRequest request, AcsSms sms, AcsSmsRecipient recipient)
    {
        if (!E164.IsMatch(recipient.To))
        {
            return new JsonObject
            {
                ["to"] = recipient.To,
                ["httpStatusCode"] = StatusCodes.Status400BadRequest,
                ["errorMessage"] = "Invalid To phone number format.",
                ["successful"] = false,
            };
        }
        var id = recipient.Repeatability is { } name
            ? repeats.Once(name, () => Accept(request, sms, recipient.To)) : Accept(request, sms, recipient.To);
        return new JsonObject
        {
            ["to"] = recipient.To,
            ["messageId"] = id,
            ["httpStatusCode"] = StatusCodes.Status202Accepted,
            ["repeatabilityResult"] = "accepted",
            ["successful"] = true,
        };
    }

    private string Accept(ProviderRequest request, AcsSms sms, string to)
    {
        var now = clock.GetUtcNow();
        var id = $"Outgoing_{now.ToString("yyyyMMddHHmmssff", CultureInfo.InvariantCulture)}{Guid.NewGuid():D}_noam";
        var fate = request.Bounces ? AcsMagic.UnknownNumber : AcsMagic.Sms(to);
        acceptance.Accept(
            request,
            Name,
            [new MessageDraft("sms", Name, to, id) { Body = sms.Message, AttemptId = sms.Tag is { } tag
                ? AttemptIds.Find([new("tag", tag)]) : null }],
            sms.Reports ? [AcsSmsEvents.Create(sms, to, id, fate, now)] : []);
        return id;
    }

    [GeneratedRegex(@"^\+[1-9][0-9]{6,14}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex E164 { get; }
}
