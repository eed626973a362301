using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Notify.Functions.Contract;
using Notify.Functions.Ledger;
using Notify.Functions.Sending;

namespace Notify.Functions.Providers.AzureCommunication;

/// <summary>
/// Sends email by Azure Communication Services: one request a recipient, for several would see each other's addresses.
/// </summary>
/// <remarks>
/// API: <c>https://learn.microsoft.com/rest/api/communication/email/email/send</c>, version 2023-03-31. Its reports say nothing of ours but
/// the operation's id, which we choose: <see cref="AttemptUuid"/>.
/// </remarks>
internal sealed class AcsEmailSender(
    [FromKeyedServices(AcsEmailSender.ProviderName)] ProviderHttp http, IOptions<AzureCommunicationOptions> options, TimeProvider clock)
        : IProviderSender
{
    /// <summary>The provider's name.</summary>
    public const string ProviderName = "acs-email";

    /// <summary>The header by which the sender names the operation.</summary>
    public const string OperationHeader = "Operation-Id";

    /// <summary>The header of the email itself with our attempt id: who has the email can find the delivery.</summary>
    public const string AttemptHeader = "X-Notify-Attempt";

    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly AzureCommunicationApi _api = new(http, options.Value, clock);

    /// <inheritdoc/>
    public string Name => ProviderName;

    /// <inheritdoc/>
    public string Account => options.Value.SenderAddress ?? "";

    /// <inheritdoc/>
    public Channel Channel => Channel.Email;

    /// <inheritdoc/>
    public int MaxTargets => 1;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SendResult>> SendAsync(SendRequest request, CancellationToken cancellationToken)
    {
        if (request.Targets is not [var target])
        {
            throw new ArgumentException("An email by Azure Communication Services has one target.", nameof(request));
        }
        if (target.Addresses is not [var address, ..] || AddressNormalizer.Email(address) is null)
        {
            return [new SendResult.Rejected($"{ProviderName}:{AzureCommunicationError.FaultyAddress}", AddressIsDead: true)];
        }
        var operation = AttemptUuid.Derive(target.AttemptId).ToString();
        var answer = await _api.PostAsync(
            _api.Address("emails:send?api-version=2023-03-31"),
            Write(request, target, address),
            [new(OperationHeader, operation)],
            request.Lease,
            cancellationToken);
        return [answer switch
        {
            ProviderAnswer.Received { IsSuccess: true } => new SendResult.Accepted(operation),
            ProviderAnswer.Received refused => AzureCommunicationError.Result(refused, AzureCommunicationError.Email),
            _ => HttpStatusMapping.OfNoAnswer(answer, ProviderName),
        }];
    }

    private ReadOnlyMemory<byte> Write(SendRequest request, SendTarget target, string address)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using var writer = new Utf8JsonWriter(buffer, Json);
        var link = target.UnsubscribeUrl?.AbsoluteUri;
        writer.WriteStartObject();
        writer.WriteString("senderAddress", options.Value.SenderAddress);

        writer.WriteStartObject("recipients");
        writer.WriteStartArray("to");
        writer.WriteStartObject();
        writer.WriteString("address", address);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();

        writer.WriteStartObject("content");
        writer.WriteString("subject", EmailText.Subject(request.Content));
        writer.WriteString("plainText", EmailText.Plain(request.Content, link, request.UnsubscribeText));
        writer.WriteString("html", EmailText.Html(request.Content, link, request.UnsubscribeText));
        writer.WriteEndObject();

        writer.WriteStartObject("headers");
        writer.WriteString(AttemptHeader, target.AttemptId);
        if (link is not null)
        {
            ListUnsubscribe.Write(writer, link);
        }
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
