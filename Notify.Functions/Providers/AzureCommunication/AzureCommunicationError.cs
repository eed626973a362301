using Notify.Functions.Sending;

namespace Notify.Functions.Providers.AzureCommunication;

/// <summary>What a refused request means: <c>{ "error": { "code", "message" } }</c>, then by the HTTP status.</summary>
/// <remarks>The messages quote addresses and are never passed on, nor is a code that is not known.</remarks>
internal static class AzureCommunicationError
{
    /// <summary>The resource's own suppression list has the address: it has bounced.</summary>
    private const string Suppressed = "EmailDroppedAllRecipientsSuppressed";

    /// <summary>Our own code of a faulty address.</summary>
    internal const string FaultyAddress = "invalid-address";

    /// <summary>Our own code of a faulty number.</summary>
    internal const string FaultyNumber = "invalid-number";

    /// <summary>Our own code of a number of ours that cannot send.</summary>
    internal const string FaultySender = "invalid-sender";

    /// <summary>
    /// How the message about a faulty address begins; its code is that of any faulty request. Our own sender is checked at the start.
    /// </summary>
    private const string InvalidAddress = "Invalid format for email address";

    // What email and text messages have in common.
    private static readonly ProviderError[] Common =
    [
        new("Unauthorized", ErrorScope.Account, "Wrong credentials, or revoked ones."),
        new("Denied", ErrorScope.Account, "Wrong credentials, or revoked ones."),
        new("Forbidden", ErrorScope.Account, "The key may not send."),
        new("NotFound", ErrorScope.Account, "There is no such resource, or no such address of the API."),
        new("ResourceNotFound", ErrorScope.Account, "There is no such resource."),
        new("TooManyRequests", ErrorScope.Rate, "Too many requests."),
        new("http-400", ErrorScope.Message, "Something in the message is not valid."),
        new("http-413", ErrorScope.Message, "The message is too large."),
        new("http-422", ErrorScope.Message, "The message is not valid."),
        new("http-401", ErrorScope.Account, "Wrong credentials, or revoked ones."),
        new("http-403", ErrorScope.Account, "The key may not send."),
        new("http-404", ErrorScope.Account, "There is no such resource, or no such address of the API."),
        new("http-405", ErrorScope.Account, "No such method: the address of the API is wrong."),
        new("http-415", ErrorScope.Account, "The address of the API is wrong."),
        new("http-409", ErrorScope.Unknown, "A request of this id is there already: an earlier try may have been accepted."),
    ];

    /// <summary>What the answers about email mean.</summary>
    public static ErrorTable Email { get; } = new(
        AcsEmailSender.ProviderName + ":",
        [
            new(Suppressed, ErrorScope.DeadAddress, "The address is on the resource's own suppression list."),
            new(FaultyAddress, ErrorScope.DeadAddress, "The recipient's address is not valid."),
            new("DomainNotLinked", ErrorScope.Account, "The sender's domain is not connected to the resource."),
            new("InvalidSenderUserName", ErrorScope.Account, "The domain has no such sender."),
            .. Common,
        ]);

    /// <summary>What the answers about text messages mean, of the request or of its recipient.</summary>
    public static ErrorTable Sms { get; } = new(
        AcsSmsSender.ProviderName + ":", [
            new(FaultyNumber, ErrorScope.DeadAddress, "The recipient's number is not valid."),
            new(FaultySender, ErrorScope.Account, "The sender's number is not valid."),
            .. Common,
        ]);

    /// <summary>The result of a request that was refused as a whole.</summary>
    public static SendResult Result(ProviderAnswer.Received answer, ErrorTable table)
    {
        var (code, message) = Read(answer.Body);
        var isFaulty = answer.Status == 400 && message.StartsWith(InvalidAddress, StringComparison.OrdinalIgnoreCase);
        return table.Result(isFaulty ? FaultyAddress : table.Has(code) ? code : null, answer.Status, answer.RetryAfter);
    }

    private static (string Code, string Message) Read(ReadOnlyMemory<byte> body)
    {
        using var document = ProviderJson.Parse(body);
        var error = document?.RootElement.Member("error");
        return (error?.TextOf("code") ?? "", error?.TextOf("message") ?? "");
    }
}
