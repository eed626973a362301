using System.Globalization;
using System.Text.Json;
using Notify.Functions.Sending;

namespace Notify.Functions.Providers.SendGrid;

/// <summary>What a refused request means.</summary>
/// <remarks>
/// Permanent 400, 401, 403, 404, 405, 413; worth another try 429, 500, 503
/// (<c>https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/responses</c>). The error texts quote
/// addresses: only the field that is blamed is read.
/// </remarks>
internal static class SendGridError
{
    private const string Personalizations = "personalizations";

    /// <summary>When the rate limit's window ends, in seconds since 1970.</summary>
    private const string ResetHeader = "X-RateLimit-Reset";

    /// <summary>The request's fields that may be named in a reason.</summary>
    private static readonly HashSet<string> Fields = new(StringComparer.Ordinal)
    {
        Personalizations, "from", "reply_to", "subject", "content", "categories", "custom_args", "headers", "mail_settings", "tracking_settings", "asm", "send_at",
    };

    /// <summary>The result of every target of the request.</summary>
    public static SendResult Result(ProviderAnswer.Received answer, DateTimeOffset now)
    {
        var reason = StatusResult.Reason(SendGridSender.ProviderName, answer.Status);
        var field = Blamed(answer.Body).Select(path => path.Split('.')[0]).FirstOrDefault(Fields.Contains);
        return StatusResult.Of(answer.Status, field is null ? reason : $"{reason} ({field})", answer.RetryAfter ?? UntilReset(answer, now));
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
        foreach (var path in Blamed(answer.Body))
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

    /// <summary>The paths of the blamed fields, such as <c>personalizations.3.to.0.email</c>; empty text where an error names none.</summary>
    private static List<string> Blamed(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array
                ? [.. errors.EnumerateArray().Select(Field)]
                : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static string Field(JsonElement error) =>
        error.ValueKind == JsonValueKind.Object && error.TryGetProperty("field", out var field) && field.ValueKind == JsonValueKind.String ? field.GetString()! : "";
}
