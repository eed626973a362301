using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;

namespace Notify.LocalHost.Runtime.Catalog;

/// <summary>The functions of an assembly, found by their attributes.</summary>
internal sealed class FunctionCatalog
{
    private FunctionCatalog(IReadOnlyList<AppFunction> functions) => Functions = functions;

    /// <summary>The loaded functions, by name.</summary>
    public IReadOnlyList<AppFunction> Functions { get; }

    /// <summary>A function by its name, in any case, as the admin endpoint takes it.</summary>
    public AppFunction? Find(string name) => Functions.FirstOrDefault(f => string.Equals(f.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Reads an assembly's functions: all, or those of <paramref name="only"/>, whatever the others are like.
    /// </summary>
    /// <exception cref="StartupException">A function cannot be run here, or there is none of a wanted name.</exception>
    public static FunctionCatalog Read(Assembly assembly, IConfiguration settings, IReadOnlyList<string>? only = null)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return Read(assembly.GetTypes(), settings, only);
    }

    /// <summary>Reads the functions of some types.</summary>
    /// <exception cref="StartupException">A function cannot be run here, or there is none of a wanted name.</exception>
    public static FunctionCatalog Read(IEnumerable<Type> types, IConfiguration settings, IReadOnlyList<string>? only = null)
    {
        var methods = types
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Select(m => (Method: m, m.GetCustomAttribute<FunctionAttribute>()?.Name))
            .Where(f => f.Name is not null)
            .Select(f => (f.Method, Name: f.Name!))
            .OrderBy(f => f.Name, StringComparer.OrdinalIgnoreCase)
            .ToList();
        RefuseDuplicates(methods);
        RefuseUnknown(methods, only);
        return new FunctionCatalog([.. methods
            .Where(f => only is null || only.Contains(f.Name, StringComparer.OrdinalIgnoreCase))
            .Select(f => new FunctionReader(f.Name, f.Method, settings).Read())]);
    }

    private static void RefuseDuplicates(List<(MethodInfo Method, string Name)> methods)
    {
        var twice = methods.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
        {
            var places = string.Join(" and ", twice.Select(f => $"{f.Method.DeclaringType?.Name}.{f.Method.Name}"));
            throw new StartupException($"The function name '{twice.Key}' is used twice: by {places}.");
        }
    }

    private static void RefuseUnknown(List<(MethodInfo Method, string Name)> methods, IReadOnlyList<string>? only)
    {
        var unknown = only?.FirstOrDefault(name => !methods.Exists(f => string.Equals(f.Name, name, StringComparison.OrdinalIgnoreCase)));
        if (unknown is not null)
        {
            throw new StartupException($"There is no function '{unknown}'. There are: {string.Join(", ", methods.Select(f => f.Name))}.");
        }
    }
}
