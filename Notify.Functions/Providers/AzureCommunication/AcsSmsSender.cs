using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Sending;
using Notify.Functions.Sending.Sms;

namespace Notify.Functions.Providers.AzureCommunication;

/// <summary>
/// Sends text messages by Azure Communication Services: one request a message, for a request has one tag, which carries our attempt id.
/// </summary>
/// <remarks>API: <c>https://learn.microsoft.com/rest/api/communication/sms/sms/send</c>, version 2021-03-07.</remarks>
internal sealed class AcsSmsSender(
    [FromKeyedServices(AcsSmsSender.ProviderName)] ProviderHttp http, IOptions<AzureCommunicationOptions> options, SmsText texts,
    TimeProvider clock) : IProviderSender
{
    /// <summary>The provider's name.</summary>
    public const string ProviderName = "acs-sms";

    /// <summary>The longest <c>message</c>, in UTF-16 code units.</summary>
    private const int MostCharacters = 2_048;

    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly AzureCommunicationApi _api = new(http, options.Value, clock);

    /// <summary>When a request was first sent: requests are the same only where this is, beside the id.</summary>
    private readonly ConditionalWeakTable<SendRequest, string> _firstSent = [];

    /// <inheritdoc/>
    public string Name => ProviderName;

    /// <inheritdoc/>
    public string Account => options.Value.From ?? "";

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
            throw new ArgumentException("A text message by Azure Communication Services has one target.", nameof(request));
        }
        if (target.Addresses is not [var number, ..])
        {
            return [new SendResult.Rejected(ProviderName + ":no-number")];
        }
        var (text, refusal) = texts.Prepare(request.Content, MostCharacters);
        if (refusal is not null)
        {
            return [new SendResult.Rejected(refusal)];
        }
        var firstSent = _firstSent.GetValue(request, _ => clock.GetUtcNow().ToString("r", CultureInfo.InvariantCulture));
        var answer = await _api.PostAsync(
            _api.Address("sms?api-version=2021-03-07"), Write(text, target.AttemptId, number, firstSent), headers: [], request.Lease,
            cancellationToken);
        return [answer switch
        {
            ProviderAnswer.Received { IsSuccess: true } taken => AcsSmsAnswer.Result(taken),
            ProviderAnswer.Received refused => AzureCommunicationError.Result(refused, AzureCommunicationError.Sms),
            _ => HttpStatusMapping.OfNoAnswer(answer, ProviderName),
        }];
    }

    private ReadOnlyMemory<byte> Write(string text, string attemptId, string number, string firstSent)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer, Json);
        writer.WriteStartObject();
        writer.WriteString("from", options.Value.From);

        writer.WriteStartArray("smsRecipients");
        writer.WriteStartObject();
        writer.WriteString("to", number);
        writer.WriteString("repeatabilityRequestId", AttemptUuid.Derive(attemptId));
        writer.WriteString("repeatabilityFirstSent", firstSent);
        writer.WriteEndObject();
        writer.WriteEndArray();

        writer.WriteString("message", text);

        writer.WriteStartObject("smsSendOptions");
        writer.WriteBoolean("enableDeliveryReport", true);
        writer.WriteString("tag", attemptId);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
