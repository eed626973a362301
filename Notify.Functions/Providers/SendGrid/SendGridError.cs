using System.Globalization;
using Notify.Functions.Sending;

namespace Notify.Functions.Providers.SendGrid;

/// <summary>What a refused request means.</summary>
/// <remarks>
/// Statuses: <c>https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/responses</c>; texts:
/// <c>https://support.sendgrid.com/hc/en-us/articles/18322114821403</c>. SendGrid has no codes, and its texts quote addresses: the field
/// that is blamed is read, and one text that has a status of another kind.
/// </remarks>
internal static class SendGridError
{
    /// <summary>The reason of an address that SendGrid, or we ourselves, find faulty.</summary>
    public const string InvalidAddress = "invalid-address";

    private const string Personalizations = "personalizations";
    private const string CreditsExceeded = "credits-exceeded";

    // The text of a 401 that is not about the key.
    private const string CreditsText = "Maximum credits exceeded";

    /// <summary>When the rate limit's window ends, in seconds since 1970.</summary>
    private const string ResetHeader = "X-RateLimit-Reset";

    /// <summary>The request's fields that may be named in a reason.</summary>
    private static readonly HashSet<string> Fields = new(StringComparer.Ordinal)
    {
        Personalizations, "from", "reply_to", "subject", "content", "categories", "custom_args", "headers", "mail_settings",
        "tracking_settings", "asm", "send_at",
    };

    /// <summary>What the answers mean.</summary>
    public static ErrorTable Table { get; } = new(
        SendGridSender.ProviderName + ":",
        new("credits-exceeded", ErrorScope.Account, "The credits of the plan are used up."),
        new("http-400 (from)", ErrorScope.Account, "The from address is missing or not valid."),
        new("http-403 (from)", ErrorScope.Account, "The from address is not a verified sender."),
        new("invalid-address", ErrorScope.DeadAddress, "The recipient's address is not valid."),
        new("http-400", ErrorScope.Message, "Something in the mail is not valid."),
        new("http-413", ErrorScope.Message, "The mail is too large."),
        new("http-401", ErrorScope.Account, "Wrong credentials, or revoked ones."),
        new("http-403", ErrorScope.Account, "The key may not send mail."),
        new("http-404", ErrorScope.Account, "There is no such address of the API."),
        new("http-405", ErrorScope.Account, "No such method: the address of the API is wrong."),
        new("http-406", ErrorScope.Account, "The address of the API is wrong."),
        new("http-415", ErrorScope.Account, "The address of the API is wrong."));

    /// <summary>The result of every target of the request.</summary>
    public static SendResult Result(ProviderAnswer.Received answer, DateTimeOffset now) =>
        Table.Result(Code(answer), answer.Status, answer.RetryAfter ?? UntilReset(answer, now));

    private static string? Code(ProviderAnswer.Received answer)
    {
        var errors = Errors(answer.Body);
        if (errors.Exists(error => error.Message.StartsWith(CreditsText, StringComparison.OrdinalIgnoreCase)))
        {
            return CreditsExceeded;
        }
        var field = errors.Select(error => error.Field.Split('.')[0]).FirstOrDefault(Fields.Contains);
        return field is null ? null : string.Create(CultureInfo.InvariantCulture, $"http-{answer.Status} ({field})");
    }

    /// <summary>
    /// The recipients, by their place in the request, whose address alone made SendGrid refuse all of it. Empty where anything else is
    /// to blame too.
    /// </summary>
    public static IReadOnlySet<int> FaultyRecipients(ProviderAnswer.Received answer, int count)
    {
        var faulty = new HashSet<int>();
        if (answer.Status != 400)
        {
            return faulty;
        }
        foreach (var (path, _) in Errors(answer.Body))
        {
            if (path.Split('.') is [Personalizations, var place, "to", ..]
                && int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < count)
            {
                faulty.Add(index);
            }
            else
            {
                return new HashSet<int>();
            }
        }
        return faulty;
    }

    private static TimeSpan? UntilReset(ProviderAnswer.Received answer, DateTimeOffset now)
    {
        if (!long.TryParse(answer.Header(ResetHeader), NumberStyles.None, CultureInfo.InvariantCulture, out var end))
        {
            return null;
        }
        var seconds = end - now.ToUnixTimeSeconds();
        return seconds is >= 0 and <= 86_400 ? TimeSpan.FromSeconds(seconds) : null; // Otherwise one of the two clocks is wrong.
    }

    /// <summary>
    /// The paths of the blamed fields, such as <c>personalizations.3.to.0.email</c>, empty where an error names none, and what is said of
    /// them.
    /// </summary>
    private static List<(string Field, string Message)> Errors(ReadOnlyMemory<byte> body)
    {
        using var document = ProviderJson.Parse(body);
        return document is null
            ? []
            : [.. document.RootElement.ItemsOf("errors").Select(error => (error.TextOf("field") ?? "", error.TextOf("message") ?? ""))];
    }
}
