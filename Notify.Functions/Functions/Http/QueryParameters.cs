using System.Collections.Frozen;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Notify.Functions.Infrastructure.Http;

namespace Notify.Functions.Functions.Http;

/// <summary>
/// Which query parameters the calls of the API take. Any other is refused: a misspelt name would be lost in silence, and the answer be
/// about something else. What strangers call may have more, because mail programs and probes add some.
/// </summary>
internal static class QueryParameters
{
    // Of the Functions host: the key, and which of its keys.
    private static readonly string[] OfHost = ["code", "clientId"];

    private static readonly FrozenDictionary<string, IReadOnlyList<string>> Known = typeof(QueryParameters).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods())
        .Where(method => method.GetParameters()
            .Any(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>() is { AuthLevel: AuthorizationLevel.Function }))
        .ToFrozenDictionary(method => method.GetCustomAttribute<FunctionAttribute>()!.Name, method =>
            method.GetCustomAttribute<TakesAttribute>()?.Names ?? [], StringComparer.Ordinal);

    /// <summary>400 for the first parameter that a function does not take; <see langword="null"/> where it takes all.</summary>
    public static IResult? Refusal(string function, HttpRequest request) =>
        Known.TryGetValue(function, out var taken)
        && request.Query.Keys.FirstOrDefault(name => !taken.Concat(OfHost).Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown
            ? ProblemResults.UnknownParameter(unknown, taken)
            : null;
}
