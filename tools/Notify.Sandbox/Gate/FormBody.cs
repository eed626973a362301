using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Notify.Sandbox.Gate;

/// <summary>
/// The pairs of a body of <c>application/x-www-form-urlencoded</c>, in order and with the case of their names; nothing where the body is of
/// another type. ASP.NET's own form collection folds case, which providers do not.
/// </summary>
internal sealed class FormBody(IReadOnlyList<KeyValuePair<string, string>> pairs)
{
    private const string FormType = "application/x-www-form-urlencoded";

    /// <summary>Reads a request's body.</summary>
    public static FormBody Read(ProviderRequest request)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        if (request.Http.ContentType?.Split(';')[0].Trim().Equals(FormType, StringComparison.OrdinalIgnoreCase) == true)
        {
            using var reader = new FormReader(Encoding.UTF8.GetString(request.Body.Span)) { ValueLengthLimit = int.MaxValue };
            while (reader.ReadNextPair() is { } pair)
            {
                pairs.Add(pair);
            }
        }
        return new FormBody(pairs);
    }

    /// <summary>The value of a name; the last where it is repeated, <see langword="null"/> where it is absent or empty.</summary>
    public string? One(string name) => pairs.LastOrDefault(p => p.Key == name).Value is { Length: > 0 } value ? value : null;
}
