using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Notify.Sandbox.Common;
using Notify.Sandbox.Gate;
using Notify.Sandbox.Messages;

namespace Notify.Sandbox.AzureCommunication;

/// <summary>
/// <c>POST /sandbox/azure-communication/emails:send</c>
/// (<see href="https://learn.microsoft.com/rest/api/communication/email/email/send">send</see>). That an operation's id makes a request
/// repeatable is not documented; here it does.
/// </summary>
internal sealed class AcsEmailSend(
    SandboxOptions options, AcsRequests requests, Acceptance acceptance, AcsRepeats<ProviderAnswer> repeats, TimeProvider clock)
        : IProviderDialect
{
    private const string ApiVersion = "2023-03-31";

    public string Name => ProviderNames.AcsEmail;

    /// <summary>10 MB, attachments and all.</summary>
    public int MaxBodyBytes => 10 * 1024 * 1024;

    public ProviderAnswer Answer(ProviderRequest request)
    {
        var (email, refusal) = requests.Read(request, ApiVersion, AcsEmail.Read);
        if (email is null)
        {
            return refusal!;
        }
        var id = request.Http.Headers["Operation-Id"].ToString();
        if (id.Length > 0 && !Guid.TryParseExact(id, "D", out _))
        {
            return AcsErrors.BadRequest("The Operation-Id is not a UUID.");
        }
        if (email.Sender != options.Credentials.AzureCommunicationSenderAddress)
        {
            return AcsErrors.NotLinked();
        }
        return id.Length == 0 ? Accept(request, email, Guid.NewGuid().ToString()) : repeats.Once(id, () => Accept(request, email, id));
    }

    public ProviderAnswer TooLarge() => AcsErrors.TooLarge();

    public ProviderAnswer Error(int status) => AcsErrors.ForStatus(status);

    public ProviderAnswer RateLimited(TimeSpan retryAfter) => AcsErrors.RateLimited(retryAfter);

    public ProviderAnswer Rejected(int? status) =>
        status is null or 400 ? AcsErrors.BadRequest("Invalid format for email address") : AcsErrors.Refused(status.Value);

    private ProviderAnswer Accept(ProviderRequest request, AcsEmail email, string id)
    {
        acceptance.Accept(
            request,
            Name,
            [.. email.To.Select(to => new MessageDraft("email", Name, to, id)
            {
                Subject = email.Subject,
                Body = email.Body,
                Html = email.Html,
                AttemptId = AttemptIds.Find(email.Headers),
                Headers = email.Headers,
            })],
            email.To.Select(to => AcsEmailEvents.Create(email.Sender, to, id, request.Bounces
                ? [AcsReportKinds.Bounced] : AcsMagic.Email(to), clock.GetUtcNow())));
        var location =
            $"{request.Http.Scheme}://{request.Http.Host}{request.Http.PathBase}"
            + $"/sandbox/azure-communication/emails/operations/{id}?api-version={ApiVersion}";
        return ProviderAnswer.Json(StatusCodes.Status202Accepted, new JsonObject { ["id"] = id, ["status"] = "Running", ["error"] = null })
            .With("Operation-Location", location)
            .WithRetryAfter(TimeSpan.FromSeconds(30));
    }
}
