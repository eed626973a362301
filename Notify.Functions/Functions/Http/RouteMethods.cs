using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Azure.Functions.Worker;

namespace Notify.Functions.Functions.Http;

/// <summary>Which methods the API takes at which address, as the attributes of its functions say.</summary>
public sealed class RouteMethods
{
    private readonly IReadOnlyList<(TemplateMatcher Route, string[] Methods)> _routes =
    [
        .. typeof(RouteMethods).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null)
            .Select(method => method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>())
                .FirstOrDefault(trigger => trigger is not null))
            .Where(trigger => trigger is { Route: not null, Methods.Length: > 0 })
            .Select(trigger => (new TemplateMatcher(TemplateParser.Parse(trigger!.Route!), []), trigger.Methods!)),
    ];

    /// <summary>The methods in capitals, in their order; none where there is nothing at the address.</summary>
    /// <param name="path">The address below the prefix of all routes.</param>
    public IReadOnlyList<string> At(string path) =>
    [
        .. _routes.Where(one => one.Route.TryMatch(new PathString("/" + path), []))
            .SelectMany(one => one.Methods)
            .Select(method => method.ToUpperInvariant())
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];
}
