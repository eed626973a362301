using Microsoft.AspNetCore.Http;
using Notify.Functions.Contract;

namespace Notify.Functions.Infrastructure.Http;

/// <summary>Reads query parameters.</summary>
internal static class RequestParameters
{
    /// <summary>A parameter; <see langword="null"/> where it is absent or empty.</summary>
    public static string? Parameter(this HttpRequest request, string name) => request.Query[name].ToString() is { Length: > 0 } given ? given : null;

    /// <summary>The parameter <c>channel</c>, <see langword="null"/> where there is none; <see langword="false"/> where it names no channel.</summary>
    public static bool TryChannel(this HttpRequest request, out Channel? channel)
    {
        channel = null;
        if (request.Parameter("channel") is not { } name)
        {
            return true;
        }
        var known = Names.TryParse(name, out Channel found);
        channel = known ? found : null;
        return known;
    }

    /// <summary>Whether an event may name the recipient so: an id, <c>mailto:ADDRESS</c> or <c>tel:+NUMBER</c>.</summary>
    public static bool IsRecipient(string text) =>
        text.StartsWith(Addresses.MailPrefix, StringComparison.Ordinal) ? Addresses.IsEmail(text[Addresses.MailPrefix.Length..])
        : text.StartsWith(Addresses.PhonePrefix, StringComparison.Ordinal) ? Addresses.IsPhone(text[Addresses.PhonePrefix.Length..])
        : Addresses.IsId(text);
}
