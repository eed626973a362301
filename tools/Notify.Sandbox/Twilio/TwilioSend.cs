using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Notify.Sandbox.Common;
using Notify.Sandbox.Gate;
using Notify.Sandbox.Messages;
using Notify.Sandbox.Reports;

namespace Notify.Sandbox.Twilio;

/// <summary>
/// <c>POST /sandbox/twilio/2010-04-01/Accounts/{account}/Messages.json</c>
/// (<see href="https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource">create a message</see>).
/// </summary>
internal sealed class TwilioSend(SandboxOptions options, Acceptance acceptance, CallbackAddress callbacks, TimeProvider clock)
    : IProviderDialect
{
    /// <summary>The name of the path's part that holds the account.</summary>
    public const string Account = "account";

    public string Name => ProviderNames.Twilio;

    public int MaxBodyBytes => 1024 * 1024;

    public ProviderAnswer Answer(ProviderRequest request)
    {
        if (!IsAuthorized(request.Http) || request.Route(Account) != options.Credentials.TwilioAccountSid)
        {
            return TwilioErrors.Unauthorized();
        }
        var message = TwilioMessage.Read(FormBody.Read(request));
        if (TwilioRules.Refusal(message, options.Credentials) is { } refusal)
        {
            return refusal;
        }
        if (MagicNumbers.Refusal(message.To!) is { } code)
        {
            return TwilioErrors.ForNumber(code, message.To!, message.From ?? "")!;
        }

        var sid = "SM" + RandomNumberGenerator.GetHexString(32, lowercase: true);
        acceptance.Accept(request, Name, [Draft(message, sid)], Reports(message, sid, request.Bounces));
        return TwilioMessageResource.Created(message, sid, options.Credentials.TwilioAccountSid, clock.GetUtcNow());
    }

    public ProviderAnswer TooLarge() => ProviderAnswer.FromProxy(StatusCodes.Status413PayloadTooLarge);

    public ProviderAnswer Error(int status) => TwilioErrors.ForStatus(status);

    public ProviderAnswer RateLimited(TimeSpan retryAfter) => TwilioErrors.TooManyRequests(retryAfter);

    public ProviderAnswer Rejected(int? status) => status switch
    {
        null or 400 => TwilioErrors.Create(21211, "Invalid 'To' Phone Number"),
        401 => TwilioErrors.Unauthorized(),
        403 => TwilioErrors.Create(20403, "Forbidden", StatusCodes.Status403Forbidden),
        404 => TwilioErrors.Create(20404, "The requested resource was not found", StatusCodes.Status404NotFound),
        _ => ProviderAnswer.FromProxy(status.Value),
    };

    private IReadOnlyList<Report>[] Reports(TwilioMessage message, string sid, bool bounces)
    {
        if (message.StatusCallback is not { } url)
        {
            return [];
        }
        callbacks.LearnFrom(url);
        var (kinds, code) = bounces ? MagicNumbers.Bounced : MagicNumbers.Fate(message.To!);
        return [StatusReports.Create(message, sid, options.Credentials.TwilioAccountSid, kinds, code, clock.GetUtcNow())];
    }

    private static MessageDraft Draft(TwilioMessage message, string sid) => new("sms", ProviderNames.Twilio, message.To!, sid)
    {
        Body = message.Body,
        AttemptId = message.StatusCallback is { } url && url.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query
            ? AttemptIds.Find(QueryHelpers.ParseQuery(url[query..].Split('#')[0])
                .Select(p => KeyValuePair.Create(p.Key, p.Value.ToString())))
            : null,
    };

    private bool IsAuthorized(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }
        var expected = $"{options.Credentials.TwilioAccountSid}:{options.Credentials.TwilioAuthToken}";
        var bytes = new byte[header.Length];
        return Convert.TryFromBase64String(header[6..].Trim(), bytes, out var length)
            && SandboxCredentials.Same(expected, Encoding.UTF8.GetString(bytes, 0, length));
    }
}
