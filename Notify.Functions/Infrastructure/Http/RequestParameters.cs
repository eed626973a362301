using Microsoft.AspNetCore.Http;
using Notify.Functions.Contract;

namespace Notify.Functions.Infrastructure.Http;

/// <summary>Reads query parameters.</summary>
internal static class RequestParameters
{
    /// <summary>A parameter; <see langword="null"/> where it is absent or empty.</summary>
    public static string? Parameter(this HttpRequest request, string name) =>
        request.Query[name].ToString() is { Length: > 0 } given ? given : null;

    /// <summary>
    /// The parameter <c>channel</c>, <see langword="null"/> where there is none; <see langword="false"/> where it names no channel.
    /// </summary>
    public static bool TryChannel(this HttpRequest request, out Channel? channel)
    {
        channel = null;
        if (request.Parameter("channel") is not { } name)
        {
            return true;
        }
        var known = ContractNames.TryParse(name, out Channel found);
        channel = known ? found : null;
        return known;
    }
}
