using Notify.Functions.Sending;

namespace Notify.Functions.Providers.Fcm;

/// <summary>The right to call the API, or why there is none. No record: its text would show the token.</summary>
internal sealed class FcmAccess
{
    private FcmAccess(string? token, DateTimeOffset renewAt, SendResult? refusal)
    {
        Token = token;
        RenewAt = renewAt;
        Refusal = refusal;
    }

    /// <summary>The bearer token; <see langword="null"/> where there is a <see cref="Refusal"/>.</summary>
    public string? Token { get; }

    /// <summary>When to ask for the next one.</summary>
    public DateTimeOffset RenewAt { get; }

    /// <summary>What becomes of a message that cannot be sent for want of a token.</summary>
    public SendResult? Refusal { get; }

    /// <summary>A token was given.</summary>
    public static FcmAccess Granted(string token, DateTimeOffset renewAt) => new(token, renewAt, refusal: null);

    /// <summary>No token was given.</summary>
    public static FcmAccess Refused(SendResult refusal) => new(token: null, default, refusal);
}
