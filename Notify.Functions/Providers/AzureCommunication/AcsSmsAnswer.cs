using System.Text.Json;
using Notify.Functions.Sending;

namespace Notify.Functions.Providers.AzureCommunication;

/// <summary>
/// Reads the answer to a request for text messages: 202 says only that the request was read, each recipient has a status of its own.
/// </summary>
internal static class AcsSmsAnswer
{
    /// <summary>The errors that blame a number.</summary>
    private const string InvalidNumber = "Invalid To phone number format.";
    private const string InvalidSender = "Invalid From phone number format.";

    /// <summary>The result of the one recipient; unknown where it cannot be read, for the message may have been accepted.</summary>
    public static SendResult Result(ProviderAnswer.Received answer)
    {
        using var document = ProviderJson.Parse(answer.Body);
        return document?.RootElement.ItemsOf("value").ToList() is [var only] ? Result(only, answer.RetryAfter) : Unreadable;
    }

    private static SendResult.Unknown Unreadable => new(AcsSmsSender.ProviderName + ":unreadable-answer");

    private static SendResult Result(JsonElement item, TimeSpan? retryAfter)
    {
        if (item.Member("successful") is { ValueKind: JsonValueKind.True })
        {
            return new SendResult.Accepted(item.TextOf("messageId"));
        }
        if (item.Member("httpStatusCode") is not { ValueKind: JsonValueKind.Number } code || !code.TryGetInt32(out var status)
            || status < 400)
        {
            return Unreadable;
        }
        var fault = (status, item.TextOf("errorMessage")) switch
        {
            (400, InvalidNumber) => AzureCommunicationError.FaultyNumber,
            (400, InvalidSender) => AzureCommunicationError.FaultySender,
            _ => null,
        };
        return AzureCommunicationError.Sms.Result(fault, status, retryAfter);
    }
}
