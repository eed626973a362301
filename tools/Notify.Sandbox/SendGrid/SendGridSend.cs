using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Notify.Sandbox.Common;
using Notify.Sandbox.Gate;
using Notify.Sandbox.Messages;

namespace Notify.Sandbox.SendGrid;

/// <summary>
/// <c>POST /sandbox/sendgrid/v3/mail/send</c>
/// (<see href="https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send">mail send</see>).
/// </summary>
internal sealed class SendGridSend(SandboxOptions options, Acceptance acceptance, TimeProvider clock) : IProviderDialect
{
    private const string JsonType = "application/json";

    public string Name => ProviderNames.SendGrid;

    /// <summary>30 MB, attachments and all.</summary>
    public int MaxBodyBytes => 30 * 1024 * 1024;

    public ProviderAnswer Answer(ProviderRequest request)
    {
        var authorization = request.Http.Headers.Authorization.ToString();
        if (authorization.Length == 0)
        {
            return MailFaults.Single(StatusCodes.Status401Unauthorized, "authorization required");
        }
        if (!SandboxCredentials.Same("Bearer " + options.Credentials.SendGridApiKey, authorization))
        {
            return Unauthorized();
        }
        if (request.Http.ContentType?.Split(';')[0].Trim().Equals(JsonType, StringComparison.OrdinalIgnoreCase) != true)
        {
            return MailFaults.Single(StatusCodes.Status415UnsupportedMediaType, "Content-Type should be application/json.");
        }
        return Read(request);
    }

    public ProviderAnswer TooLarge() => MailFaults.Single(
        StatusCodes.Status413PayloadTooLarge, "The JSON payload you have included in your request is too large.");

    public ProviderAnswer Error(int status) => status switch
    {
        500 => MailFaults.Single(status, "An error occurred on a SendGrid server."),
        503 => MailFaults.Single(status, "The SendGrid v3 Web API is not available."),
        _ => ProviderAnswer.FromProxy(status),
    };

    /// <summary>SendGrid names the moment, not the time to wait
    /// (<see href="https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/rate-limits">rate
    /// limits</see>).</summary>
    public ProviderAnswer RateLimited(TimeSpan retryAfter)
    {
        var reset = clock.GetUtcNow().ToUnixTimeSeconds() + ProviderAnswer.Seconds(retryAfter);
        return MailFaults.Single(StatusCodes.Status429TooManyRequests, "too many requests")
            .With("X-RateLimit-Limit", "600")
            .With("X-RateLimit-Remaining", "0")
            .With("X-RateLimit-Reset", reset.ToString(CultureInfo.InvariantCulture));
    }

    public ProviderAnswer Rejected(int? status) => status switch
    {
        401 => Unauthorized(),
        403 => Unverified(),
        413 => TooLarge(),
        null or 400 => MailFaults.Single(StatusCodes.Status400BadRequest, "Does not contain a valid address.",
            "personalizations.0.to.0.email"),
        _ => MailFaults.Single(status.Value, "The request was refused."),
    };

    private ProviderAnswer Read(ProviderRequest request)
    {
        var faults = new MailFaults();
        Mail mail;
        try
        {
            using var json = JsonBody.Parse(request.Body);
            mail = new MailReader(faults, clock.GetUtcNow()).Read(json.RootElement);
        }
        catch (JsonException)
        {
            return MailFaults.Single(StatusCodes.Status400BadRequest, "Bad Request");
        }
        if (faults.Any)
        {
            return faults.ToAnswer();
        }
        if (mail.Personalizations.Select(p => p.From ?? mail.From).Any(f => f != options.Credentials.SendGridFromAddress))
        {
            return Unverified();
        }
        if (mail.CheckOnly)
        {
            return ProviderAnswer.Empty(StatusCodes.Status200OK);
        }
        return Accept(request, mail);
    }

    private ProviderAnswer Accept(ProviderRequest request, Mail mail)
    {
        var messageId = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        var letters = mail.Personalizations.SelectMany((p, i) => p.Recipients.Select(to => new Letter(mail, p, i, to, messageId))).ToList();
        var now = clock.GetUtcNow();
        acceptance.Accept(
            request,
            Name,
            [.. letters.Select(Draft)],
            letters.Select(l => EventReports.Create(l, request.Bounces ? MagicAddresses.Bounced : MagicAddresses.FateOf(l.To), now)));
        return ProviderAnswer.Empty(StatusCodes.Status202Accepted).With("X-Message-Id", messageId);
    }

    private static MessageDraft Draft(Letter letter) => new("email", ProviderNames.SendGrid, letter.To, letter.MessageId)
    {
        Subject = letter.Personalization.Fill(letter.Personalization.Subject ?? letter.Mail.Subject),
        Body = letter.Personalization.Fill(letter.Mail.Body),
        Html = letter.Personalization.Fill(letter.Mail.Html),
        AttemptId = AttemptIds.Find(letter.CustomArgs),
        Headers = letter.Headers,
    };

    private static ProviderAnswer Unauthorized() =>
        MailFaults.Single(StatusCodes.Status401Unauthorized, "The provided authorization grant is invalid, expired, or revoked");

    private static ProviderAnswer Unverified() => MailFaults.Single(
        StatusCodes.Status403Forbidden,
        "The from address does not match a verified Sender Identity. Mail cannot be sent until this error is resolved. Visit "
            + "https://sendgrid.com/docs/for-developers/sending-email/sender-identity/ to see the Sender Identity requirements",
        "from");
}
