using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Sending;
using Notify.Functions.Sending.Sms;

namespace Notify.Functions.Providers.Twilio;

/// <summary>Sends text messages by Twilio's Messages API: one request a message.</summary>
/// <remarks>API: <c>https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource</c>.</remarks>
internal sealed class TwilioSender(
    [FromKeyedServices(TwilioSender.ProviderName)] ProviderHttp http, IOptions<TwilioOptions> options, SmsText texts, TimeProvider clock)
        : IProviderSender
{
    /// <summary>The provider's name.</summary>
    public const string ProviderName = "twilio";

    /// <summary>The longest <c>ValidityPeriod</c>, in seconds: 10 hours.</summary>
    private const int LongestValidity = 36_000;

    /// <summary>The longest <c>Body</c>, in UTF-16 code units; a longer one is refused with 21617.</summary>
    private const int MostCharacters = 1_600;

    private readonly Uri _address = new($"2010-04-01/Accounts/{options.Value.AccountSid}/Messages.json", UriKind.Relative);
    private readonly AuthenticationHeaderValue _authorization = new(
        "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.Value.AccountSid}:{options.Value.AuthToken}")));

    /// <inheritdoc/>
    public string Name => ProviderName;

    /// <inheritdoc/>
    public string Account =>
        string.IsNullOrWhiteSpace(options.Value.MessagingServiceSid) ? options.Value.From ?? "" : options.Value.MessagingServiceSid;

    /// <inheritdoc/>
    public Channel Channel => Channel.Sms;

    /// <inheritdoc/>
    public int MaxTargets => 1;

    /// <inheritdoc/>
    public string? RefusalOf(MessageContent content) => texts.Prepare(content, MostCharacters).Refusal;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SendResult>> SendAsync(SendRequest request, CancellationToken cancellationToken)
    {
        if (request.Targets is not [var target])
        {
            throw new ArgumentException("Twilio takes one target a request.", nameof(request));
        }
        if (target.Addresses is not [var number, ..])
        {
            return [new SendResult.Rejected("twilio:no-number")];
        }
        var (text, refusal) = texts.Prepare(request.Content, MostCharacters);
        if (refusal is not null)
        {
            return [new SendResult.Rejected(refusal)];
        }
        var body = FormBody.Write(Fields(request, target.AttemptId, number, text));
        var answer = await http.PostAsync(_address, _authorization, "application/x-www-form-urlencoded", body, request.Lease,
            cancellationToken);
        return [answer switch
        {
            ProviderAnswer.Received { IsSuccess: true } accepted => new SendResult.Accepted(Sid(accepted.Body)),
            ProviderAnswer.Received refused => TwilioError.Result(refused),
            _ => HttpStatusMapping.OfNoAnswer(answer, ProviderName),
        }];
    }

    private IEnumerable<KeyValuePair<string, string?>> Fields(SendRequest request, string attemptId, string number, string text)
    {
        yield return new("To", number);
        yield return string.IsNullOrWhiteSpace(options.Value.MessagingServiceSid)
            ? new("From", options.Value.From)
            : new("MessagingServiceSid", options.Value.MessagingServiceSid);
        yield return new("Body", text);
        yield return new("StatusCallback", TwilioUrl.StatusCallback(options.Value.PublicBaseUrl, attemptId));
        yield return new("ValidityPeriod", Validity(request.ExpiresAt));
    }

    /// <summary>How long Twilio may keep the message in its queue: 1 to 36,000 whole seconds.</summary>
    private string? Validity(DateTimeOffset? expiresAt) => expiresAt is { } end
        ? ((int)Math.Clamp((end - clock.GetUtcNow()).TotalSeconds, 1, LongestValidity)).ToString(CultureInfo.InvariantCulture)
        : null;

    // Accepted all the same where there is none.
    private static string? Sid(ReadOnlyMemory<byte> body)
    {
        using var document = ProviderJson.Parse(body);
        return document?.RootElement.TextOf("sid");
    }
}
