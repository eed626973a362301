using System.Text.Json;
using Notify.Functions.Sending;

namespace Notify.Functions.Providers.AzureCommunication;

/// <summary>What a refused request means: <c>{ "error": { "code", "message" } }</c>, then by the HTTP status.</summary>
/// <remarks>The messages quote addresses and are never passed on, nor is a code that is not known.</remarks>
internal static class AzureCommunicationError
{
    /// <summary>The resource's own suppression list has the address: it has bounced.</summary>
    private const string Suppressed = "EmailDroppedAllRecipientsSuppressed";

    /// <summary>How the message about a faulty address begins; its code is that of any faulty request. Our own sender is checked at the start.</summary>
    private const string InvalidAddress = "Invalid format for email address";

    private static readonly HashSet<string> Codes = new(StringComparer.Ordinal)
    {
        Suppressed, "DomainNotLinked", "InvalidSenderUserName", "TooManyRequests", "Unauthorized", "Denied", "Forbidden", "NotFound",
    };

    /// <summary>The result of a request that was refused as a whole.</summary>
    public static SendResult Result(ProviderAnswer.Received answer, string provider)
    {
        var (code, message) = Read(answer.Body);
        var reason = Codes.TryGetValue(code, out var known) ? $"{provider}:{known}" : StatusResult.Reason(provider, answer.Status);
        if (code == Suppressed)
        {
            return new SendResult.Rejected(reason, AddressIsDead: true);
        }
        return answer.Status == 400 && message.StartsWith(InvalidAddress, StringComparison.OrdinalIgnoreCase)
            ? new SendResult.Rejected($"{provider}:invalid-address", AddressIsDead: true)
            : Of(answer.Status, reason, answer.RetryAfter);
    }

    /// <summary>The result of a status.</summary>
    /// <remarks>409 says that a request of this id is there already, and the id is our attempt's: an earlier try of it may have been accepted after all.</remarks>
    public static SendResult Of(int status, string reason, TimeSpan? retryAfter) =>
        status == 409 ? new SendResult.Unknown(reason) : StatusResult.Of(status, reason, retryAfter);

    private static (string Code, string Message) Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var error = document.RootElement.Member("error");
            return (error?.TextOf("code") ?? "", error?.TextOf("message") ?? "");
        }
        catch (JsonException)
        {
            return ("", "");
        }
    }
}
